import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField()),
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
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("contract", models.CharField(max_length=60)),
                ("contract_version", models.PositiveSmallIntegerField(default=1)),
                ("payload", models.JSONField()),
                ("is_sealed", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("applied", "Applied"),
                            ("dead", "Dead"),
                            ("set_aside", "Set aside"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("is_head", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempts_forgiven", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
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
                ("attempt", models.PositiveSmallIntegerField()),
                ("applied_at", models.DateTimeField()),
            ],
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
                        choices=[("replayed", "Sent again"), ("set_aside", "Set aside")],
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
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=40)),
                ("posted", models.PositiveBigIntegerField(default=0)),
                ("head", models.PositiveBigIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("destination", "subject"), name="stream_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("head__gte", 1),
                            (
                                "head__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("posted"), "+", models.Value(1)
                                ),
                            ),
                        ),
                        name="stream_head_in_range",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="handoff",
            name="stream",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handoffs",
                to="handoff.stream",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("is_head", True), ("state", "waiting")),
                fields=["destination", "due_at"],
                name="handoff_claimable",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["subject", "posted_at"], name="handoff_by_subject"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("state", "applied"), _negated=True),
                fields=["state", "destination"],
                name="handoff_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                fields=["posted_at"],
                include=("destination", "delivered_at", "accepted_at"),
                name="handoff_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["state", "-id"], name="handoff_by_state"),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                fields=("stream", "sequence"), name="handoff_in_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("state", "applied")),
                    models.Q(
                        models.Q(("state", "applied"), _negated=True),
                        ("delivered_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="handoff_delivered_when_applied",
            ),
        ),
    ]
