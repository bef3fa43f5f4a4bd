import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("company", "0001_initial"),
        ("handoff", "0002_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_sequence("TK"),
        migrations.CreateModel(
            name="ReasonToReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("warehouse", "Warehouse"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                        ],
                        max_length=20,
                        verbose_name="department",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["position", "label"],
            },
        ),
        migrations.CreateModel(
            name="ServiceGoal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("warehouse", "Warehouse"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                        ],
                        max_length=20,
                        verbose_name="department",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "Order"),
                            ("put_back", "Put back"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High")],
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes of opening time")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["department", "kind", "minutes"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("department", "kind", "severity"), name="goal_once_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="goal_takes_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("warehouse", "Warehouse"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                        ],
                        max_length=20,
                        verbose_name="department",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "Order"),
                            ("put_back", "Put back"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=200)),
                ("details", models.TextField(blank=True)),
                ("customer_number", models.CharField(blank=True, max_length=20)),
                ("customer_name", models.CharField(blank=True, max_length=200)),
                ("search_key", models.CharField(blank=True, editable=False, max_length=420)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("taken", "Taken"),
                            ("held", "On hold"),
                            ("returned", "Returned to the desk"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        default="normal",
                        max_length=8,
                        verbose_name="priority",
                    ),
                ),
                (
                    "rank",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(priority="urgent", then=models.Value(0)),
                            models.When(priority="high", then=models.Value(1)),
                            models.When(priority="normal", then=models.Value(2)),
                            models.When(priority="low", then=models.Value(3)),
                            default=models.Value(2),
                        ),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("is_promised", models.BooleanField(default=False)),
                ("held_until", models.DateTimeField(null=True)),
                ("hold_ended_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("comment_count", models.PositiveIntegerField(default=0)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="company.site",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "taken", "held", "returned"])),
                        fields=["department", "rank", "due_at", "id"],
                        name="ticket_queue_by_rank",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "taken", "held", "returned"])),
                        fields=["department", "due_at", "id"],
                        name="ticket_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["held_until"],
                        name="ticket_held",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["department", "-closed_at", "-id"],
                        name="ticket_done",
                    ),
                    models.Index(fields=["department", "-changed_at"], name="ticket_by_change"),
                    models.Index(fields=["subject"], name="ticket_by_subject"),
                    models.Index(fields=["department", "state", "-id"], name="ticket_by_state"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_key"], name="ticket_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        condition=models.Q(("customer_number", ""), _negated=True),
                        fields=["customer_number"],
                        name="ticket_by_customer",
                    ),
                    models.Index(
                        fields=["created_at", "id"],
                        include=("department", "closed_at"),
                        name="ticket_by_arrival",
                    ),
                    models.Index(
                        fields=["due_at", "id"],
                        include=("department", "state", "closed_at"),
                        name="ticket_by_due_time",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at", "id"],
                        include=("department", "created_at"),
                        name="ticket_by_end",
                    ),
                    models.Index(fields=["department", "-id"], name="ticket_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("handoff", "kind"), name="ticket_once_a_handoff"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["taken", "held", "returned", "completed"]),
                                ("assignee__isnull", False),
                            ),
                            models.Q(("assignee__isnull", True), ("state", "waiting")),
                            ("state", "cancelled"),
                            _connector="OR",
                        ),
                        name="ticket_assignee_fits_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state__in", ["completed", "cancelled"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["completed", "cancelled"]), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_closed_when_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_until__isnull", False), ("state", "held")),
                            models.Q(
                                models.Q(("state", "held"), _negated=True),
                                ("held_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_held_until_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("upheld", "Upheld: the customer is right"),
                            ("partly_upheld", "Partly upheld"),
                            ("not_upheld", "Not upheld"),
                            ("goodwill", "Goodwill: no fault, but something is given"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message", models.TextField()),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolution",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PriorityChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priority_changes",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ComplaintBrief",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=20)),
                ("severity", models.CharField(max_length=10)),
                ("order_number", models.CharField(blank=True, max_length=20)),
                ("product_sku", models.CharField(blank=True, max_length=40)),
                ("desired_outcome", models.TextField(blank=True)),
                ("is_reopened", models.BooleanField(default=False)),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brief",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["ticket", "at"], name="comment_by_ticket")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mentioned", "You were mentioned"),
                            ("commented", "Somebody commented on your ticket"),
                            ("taken_over", "Your ticket was taken over"),
                            ("given", "A ticket was assigned to you"),
                            ("moved_on", "Your ticket was reassigned to a colleague"),
                            ("due_again", "A ticket is due again"),
                            ("answered", "The front desk answered"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticketcomment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-at", "-id"], name="notification_by_person"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["person"],
                        name="notification_unread",
                    ),
                    models.Index(fields=["ticket", "person"], name="notification_by_ticket"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("taken", "Taken"),
                            ("held", "On hold"),
                            ("returned", "Returned to the desk"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket",),
                        name="ticket_one_open_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=30)),
                ("reason_label", models.CharField(blank=True, max_length=80)),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by_name", models.CharField(blank=True, max_length=150)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("ticket",),
                        name="ticket_question_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=12, unique=True)),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("warehouse", "Warehouse"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=500)),
                ("is_shared", models.BooleanField(default=False)),
                ("is_default", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["is_shared", "name", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["department", "owner"],
                        name="view_in_use",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_active", True), ("is_default", True), ("is_shared", True)
                        ),
                        fields=("department",),
                        name="view_one_default_a_department",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_active", True), ("is_default", True), ("is_shared", False)
                        ),
                        fields=("department", "owner"),
                        name="view_one_default_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("department", "owner", "name"),
                        name="view_one_of_a_name",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticketcomment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9f419f6582638d9bd68c89e020a3ce5a5f35ca01",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_ddbc4",
                    table="tickets_ticketcomment",
                    when="BEFORE",
                ),
            ),
        ),
    ]
