import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import officeflow.transaction_id


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceCheckpoint",
            fields=[
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
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("posted", models.PositiveBigIntegerField()),
                ("applied", models.PositiveBigIntegerField()),
                ("attempts", models.PositiveBigIntegerField()),
            ],
            options={
                "db_table": "handoff_balance_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("value", models.PositiveBigIntegerField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.BigIntegerField()),
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
                ("subject", models.CharField(max_length=40)),
                ("contract", models.CharField(max_length=60)),
                ("contract_version", models.SmallIntegerField(default=1)),
                ("payload", models.JSONField()),
                ("is_sealed", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("applied", "Applied"),
                            ("dead", "Dead"),
                            ("discarded", "Discarded"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("is_head", models.BooleanField(default=False)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("attempts_forgiven", models.SmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=officeflow.transaction_id.TransactionId(), editable=False
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_head", True), ("state", "waiting")),
                        fields=["destination", "due_at"],
                        name="handoff_claimable",
                    ),
                    models.Index(fields=["subject", "posted_at"], name="handoff_by_subject"),
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["state", "destination"],
                        name="handoff_undelivered",
                    ),
                    models.Index(
                        fields=["posted_at", "id"],
                        include=("destination", "contract", "state", "delivered_at", "accepted_at"),
                        name="handoff_by_time",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("delivered_at__isnull", False), ("state", "applied")),
                                models.Q(
                                    models.Q(("state", "applied"), _negated=True),
                                    ("delivered_at__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            ("attempts_forgiven__gte", 0),
                            ("attempts_forgiven__lte", models.F("attempts")),
                            ("sequence__gte", 1),
                        ),
                        name="handoff_holds_together",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="HandoffReceipt",
            fields=[
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="receipt",
                        serialize=False,
                        to="handoff.handoff",
                    ),
                ),
                ("attempt", models.SmallIntegerField()),
                ("applied_at", models.DateTimeField()),
            ],
            options={
                "db_table": "handoff_receipt",
            },
        ),
        migrations.CreateModel(
            name="Intervention",
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
                        choices=[("replayed", "Replayed"), ("discarded", "Discarded")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
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
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="handoff.handoff",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("posted", models.BigIntegerField(default=0)),
                ("head", models.BigIntegerField(default=1)),
                ("checkpointed", models.BigIntegerField(db_default=0, default=0)),
                (
                    "is_checkpointed",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Q(("posted", models.F("checkpointed"))),
                        output_field=models.BooleanField(),
                    ),
                ),
                ("trimmed", models.BigIntegerField(db_default=0, default=0)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_checkpointed", False)),
                        fields=["id"],
                        name="stream_unchecked",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("is_checkpointed", True), ("trimmed__lt", models.F("checkpointed"))
                        ),
                        fields=["settled_at"],
                        name="stream_untrimmed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("destination", "subject"), name="stream_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checkpointed__lt", models.F("head")),
                            (
                                "head__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("posted"), "+", models.Value(1)
                                ),
                            ),
                            ("trimmed__gte", 0),
                            ("trimmed__lte", models.F("checkpointed")),
                        ),
                        name="stream_numbers_in_order",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="handoff",
            name="stream",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handoffs",
                to="handoff.stream",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                fields=("stream", "sequence"), name="handoff_in_its_place"
            ),
        ),
    ]
