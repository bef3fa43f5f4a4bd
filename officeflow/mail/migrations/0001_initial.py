import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("handoff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_sequence("MS"),
        migrations.CreateModel(
            name="MessageEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("is_on", models.BooleanField(default=True, verbose_name="is sent")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("event", models.CharField(max_length=40)),
                ("reference", models.CharField(blank=True, max_length=20)),
                ("customer_number", models.CharField(blank=True, max_length=20)),
                ("to_name", models.CharField(blank=True, max_length=200)),
                ("to_address", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("is_secret", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being sent"),
                            ("sent", "Sent"),
                            ("kept", "Stored, not sent"),
                            ("failed", "Not sent"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=500)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("resend_reason", models.CharField(blank=True, max_length=500)),
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
                    "handoff",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "resends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_again",
                        to="mail.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference", "id"],
                        name="message_by_reference",
                    ),
                    models.Index(
                        condition=models.Q(("customer_number", ""), _negated=True),
                        fields=["customer_number", "-id"],
                        name="message_by_customer",
                    ),
                    models.Index(fields=["state", "-id"], name="message_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("done_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_done_when_not_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("is_own", models.BooleanField(default=True)),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="mail.messageevent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "language"), name="message_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_own", False),
                            models.Q(
                                models.Q(("subject", ""), _negated=True),
                                models.Q(("body", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="message_text_own_has_words",
                    ),
                ],
            },
        ),
    ]
