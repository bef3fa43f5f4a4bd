import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("company", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_sequence("CU"),
        create_sequence("SO"),
        create_sequence("CP"),
        create_sequence("PY"),
        create_sequence("TC"),
        migrations.CreateModel(
            name="ComplaintRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("goods", "Goods"),
                            ("billing", "Billing"),
                            ("conduct", "Conduct of a colleague"),
                            ("service", "Service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="category",
                    ),
                ),
                (
                    "destination",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                            ("warehouse", "Warehouse"),
                            ("frontdesk", "Front desk"),
                            ("mail", "Mail"),
                        ],
                        max_length=20,
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("destination", "frontdesk"), _negated=True),
                        name="route_leads_to_the_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "conduct"), ("destination", "hr")),
                            models.Q(
                                models.Q(("category", "conduct"), _negated=True),
                                models.Q(("destination", "hr"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="route_conduct_to_hr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("phone_key", models.CharField(blank=True, editable=False, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("email_key", models.CharField(blank=True, editable=False, max_length=254)),
                (
                    "wants_mail",
                    models.BooleanField(default=True, verbose_name="gets e-mail from us"),
                ),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="frontdesk.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="customer_name_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["name_key", "id"], name="customer_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["phone_key"], name="customer_phone_like", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["email_key"], name="customer_email_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["email_key"], name="customer_by_email"),
                    models.Index(fields=["phone_key"], name="customer_by_phone"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="customer_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(
                                ("is_active", False),
                                models.Q(("merged_into", models.F("id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="customer_merged_is_off",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("goods", "Goods"),
                            ("billing", "Billing"),
                            ("conduct", "Conduct of a colleague"),
                            ("service", "Service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High")],
                        default="normal",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="what happened")),
                (
                    "desired_outcome",
                    models.TextField(blank=True, verbose_name="what the customer wants"),
                ),
                ("is_sealed", models.BooleanField(default=False)),
                (
                    "destination",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                            ("warehouse", "Warehouse"),
                            ("frontdesk", "Front desk"),
                            ("mail", "Mail"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "Logged"),
                            ("in_hand", "In hand"),
                            ("resolved", "Answer ready"),
                            ("confirmed", "Confirmed"),
                            ("reopened", "Reopened"),
                        ],
                        default="logged",
                        max_length=12,
                    ),
                ),
                ("logged_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld: the customer is right"),
                            ("partly_upheld", "Partly upheld"),
                            ("not_upheld", "Not upheld"),
                            ("goodwill", "Goodwill: no fault, but something is given"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by_name", models.CharField(blank=True, max_length=150)),
                ("source", models.CharField(blank=True, default="", max_length=60)),
                ("source_reference", models.CharField(blank=True, default="", max_length=100)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.product",
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
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="frontdesk.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-logged_at", "-id"], name="complaint_by_day"),
                    models.Index(fields=["customer", "-id"], name="complaint_by_customer"),
                    models.Index(fields=["state", "id"], name="complaint_by_state"),
                    models.Index(fields=["-changed_at"], name="complaint_by_change"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "conduct"), ("is_sealed", True)),
                            models.Q(
                                models.Q(("category", "conduct"), _negated=True),
                                ("is_sealed", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_conduct_is_sealed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_reference"),
                        name="complaint_once_by_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerContact",
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
                        choices=[("phone", "Phone"), ("email", "E-mail"), ("person", "Person")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="what it is")),
                ("value", models.CharField(max_length=254, verbose_name="number, address or name")),
                ("key", models.CharField(editable=False, max_length=254)),
                ("is_active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="frontdesk.customer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reached_by",
                        to="frontdesk.customercontact",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["key"], name="contact_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["key"],
                        name="contact_by_key",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True), name="contact_has_a_value"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "person"), _negated=True),
                            ("person__isnull", True),
                            _connector="OR",
                        ),
                        name="contact_person_alone",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True), ("person__isnull", True)),
                        fields=("customer", "kind", "key"),
                        name="contact_once_a_customer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="note")),
                ("written_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="frontdesk.customer",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "-written_at", "-id"], name="note_by_customer")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="note_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerReference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("reference", models.CharField(max_length=100)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="references",
                        to="frontdesk.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "reference"), name="customer_once_by_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="customer_reference_has_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("placed", "Placed"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="placed",
                        max_length=12,
                    ),
                ),
                (
                    "fulfilment_state",
                    models.CharField(
                        choices=[
                            ("none", "Not started"),
                            ("waiting", "Waiting"),
                            ("in_progress", "In progress"),
                            ("ready", "Ready for pick-up"),
                            ("shipped", "Shipped"),
                            ("handed_over", "Handed over"),
                            ("exception", "Exception"),
                            ("putting_back", "Being put back"),
                            ("put_back", "Put back"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "billing_state",
                    models.CharField(
                        choices=[
                            ("none", "Not billed"),
                            ("invoiced", "Invoiced"),
                            ("part_paid", "Part paid"),
                            ("paid", "Paid"),
                            ("credited", "Credited"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[("pick_up", "Pick-up"), ("delivery", "Delivery")],
                        default="pick_up",
                        max_length=10,
                    ),
                ),
                ("delivery_address", models.TextField(blank=True)),
                ("wanted_by_date", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("currency", models.CharField(max_length=3)),
                ("prices_include_tax", models.BooleanField()),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                ("paid", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("invoice_number", models.CharField(blank=True, max_length=20)),
                ("credit_note_number", models.CharField(blank=True, max_length=20)),
                ("cancel_reason", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, default="", max_length=60)),
                ("source_reference", models.CharField(blank=True, default="", max_length=100)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="frontdesk.customer",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    models.Index(fields=["-ordered_at", "-id"], name="order_by_day"),
                    models.Index(fields=["customer", "-id"], name="order_by_customer"),
                    models.Index(fields=["-changed_at"], name="order_by_change"),
                    models.Index(
                        condition=models.Q(("invoice_number", ""), _negated=True),
                        fields=["invoice_number"],
                        name="order_by_invoice",
                    ),
                    models.Index(
                        condition=models.Q(("credit_note_number", ""), _negated=True),
                        fields=["credit_note_number"],
                        name="order_by_credit_note",
                    ),
                    models.Index(
                        condition=models.Q(("state", "placed")),
                        fields=["fulfilment_state", "id"],
                        name="order_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="order_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0)), name="order_paid_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery", "delivery"), _negated=True),
                            models.Q(("delivery_address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="order_delivery_has_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_reference"),
                        name="order_once_by_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_number", models.CharField(max_length=20)),
                (
                    "department",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                            ("warehouse", "Warehouse"),
                            ("frontdesk", "Front desk"),
                            ("mail", "Mail"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("by_name", models.CharField(max_length=150)),
                ("held_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="frontdesk.complaint",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="frontdesk.order",
                    ),
                ),
            ],
            options={
                "ordering": ["held_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket_number",),
                        name="hold_one_open_a_ticket",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_number", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=20)),
                ("department", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=30)),
                ("reason_label", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField()),
                ("asked_by_name", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="frontdesk.complaint",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="frontdesk.order",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["asked_at"],
                        name="question_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("ticket_number",),
                        name="question_one_open_a_ticket",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="frontdesk.order",
            ),
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("sku", models.CharField(max_length=40)),
                ("description", models.CharField(max_length=200)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("piece", "piece"),
                            ("kg", "kg"),
                            ("m", "m"),
                            ("l", "l"),
                            ("h", "hour"),
                        ],
                        max_length=10,
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "discount_percent",
                    models.DecimalField(decimal_places=2, default=0, max_digits=5),
                ),
                ("tax_rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_in_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="order_line_quantity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="order_line_price"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_percent__gte", 0), ("discount_percent__lte", 100)
                        ),
                        name="order_line_discount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="order_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="order_line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="frontdesk.orderline",
            ),
        ),
        migrations.CreateModel(
            name="OrderPeriod",
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
                            ("placed", "Placed"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="frontdesk.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("order",),
                        name="order_one_open_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("method_label", models.CharField(max_length=60)),
                (
                    "method_kind",
                    models.CharField(
                        choices=[
                            ("cash", "Cash drawer"),
                            ("card", "Card company (on its way)"),
                            ("transfer", "Bank account"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("taken_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["taken_at"], name="payment_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payment_is_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9-]+$")],
                        verbose_name="code",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cash", "Cash drawer"),
                            ("card", "Card company (on its way)"),
                            ("transfer", "Bank account"),
                        ],
                        max_length=10,
                        verbose_name="where the money goes",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, verbose_name="place in the list"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="is taken")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["cash", "card", "transfer"])),
                        name="payment_method_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("credit_note_number", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField()),
                ("method", models.CharField(blank=True, max_length=20)),
                ("method_label", models.CharField(blank=True, max_length=60)),
                (
                    "method_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cash", "Cash drawer"),
                            ("card", "Card company (on its way)"),
                            ("transfer", "Bank account"),
                        ],
                        max_length=10,
                    ),
                ),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("paid_at__isnull", True)),
                        fields=["due_at"],
                        name="refund_due",
                    ),
                    models.Index(fields=["paid_at"], name="refund_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="refund_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("method", ""), ("paid_at__isnull", True), ("paid_by__isnull", True)
                            ),
                            models.Q(
                                ("paid_at__isnull", False),
                                ("paid_by__isnull", False),
                                models.Q(("method", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="refund_paid_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("drawn_at", models.DateTimeField()),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="frontdesk.payment",
                    ),
                ),
                (
                    "refund",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="frontdesk.refund",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sha256",
                                models.Func(
                                    models.Func(models.F("content"), function="sha256"),
                                    models.Value("hex"),
                                    function="encode",
                                ),
                            )
                        ),
                        name="frontdesk_paymentreceipt_as_drawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("payment__isnull", True), ("refund__isnull", True), _connector="XOR"
                        ),
                        name="receipt_of_one_payment_or_refund",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TillCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("opening_float", models.DecimalField(decimal_places=4, max_digits=18)),
                ("expected", models.DecimalField(decimal_places=4, max_digits=18)),
                ("counted", models.DecimalField(decimal_places=4, max_digits=18)),
                ("difference", models.DecimalField(decimal_places=4, max_digits=18)),
                ("note", models.TextField(blank=True)),
                ("counted_at", models.DateTimeField()),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="frontdesk.tillcount",
                    ),
                ),
                (
                    "counted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "indexes": [models.Index(fields=["-day", "-id"], name="till_count_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True)),
                        fields=("site", "day"),
                        name="till_count_first_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counted__gte", 0), ("opening_float__gte", 0)),
                        name="till_count_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "difference",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("counted"), "-", models.F("expected")
                                ),
                            )
                        ),
                        name="till_count_difference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("difference", 0),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="till_count_difference_explained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintPeriod",
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
                            ("logged", "Logged"),
                            ("in_hand", "In hand"),
                            ("resolved", "Answer ready"),
                            ("confirmed", "Confirmed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="frontdesk.complaint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="complaint_one_open_period",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customernote",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="72f972f03250cbc8ec4113c8a743fe54ad1173ed",
                    operation="DELETE",
                    pgid="pgtrigger_kept_05997",
                    table="frontdesk_customernote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customernote",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3628e1aba6fd9b5800a761444cb5613349ca433b",
                    operation="UPDATE",
                    pgid="pgtrigger_unchanged_e354b",
                    table="frontdesk_customernote",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_sealed", False),
                    models.Q(
                        ("description", ""),
                        ("desired_outcome", ""),
                        ("order__isnull", True),
                        ("order_line__isnull", True),
                        ("product__isnull", True),
                        ("severity", "normal"),
                    ),
                    _connector="OR",
                ),
                name="complaint_sealed_keeps_no_text",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ef9b0b1a7e4a084896b31ec49f808636d2914d40",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_2851b",
                    table="frontdesk_paymentreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="7151f2cef36a659a65362dc0d2133d9a91650d09",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_750e2",
                    table="frontdesk_paymentreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tillcount",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d45395c96361b52b040a1dba28288e9d14952df8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_a32bf",
                    table="frontdesk_tillcount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tillcount",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="bc0b3e961a152582c7c064722769910420406acc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_bf2bd",
                    table="frontdesk_tillcount",
                    when="BEFORE",
                ),
            ),
        ),
    ]
