import datetime
import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import officeflow.company.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Here, because every app that searches by trigrams stands above this one.
        TrigramExtension(),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True, verbose_name="date")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(verbose_name="closes")),
            ],
            options={
                "verbose_name_plural": "opening hours",
                "ordering": ["weekday", "opens"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="opening_hours_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes__gt", models.F("opens")),
                            ("closes", datetime.time(0, 0)),
                            _connector="OR",
                        ),
                        name="opening_hours_close_after_they_open",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(officeflow.company.models.SecondsOfWeek(), "&&")],
                        name="opening_hours_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[officeflow.company.models.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "phone",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="phone"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="e-mail"
                    ),
                ),
                (
                    "website",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="website"
                    ),
                ),
                (
                    "tax_number",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="tax number"
                    ),
                ),
                (
                    "document_note",
                    models.TextField(blank=True, default="", verbose_name="note on documents"),
                ),
                (
                    "checklist_hidden_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("calendar", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "main_site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="company.site",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="office_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="office_currency_iso_4217",
                    ),
                ],
            },
        ),
    ]
