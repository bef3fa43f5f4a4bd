"""When the office is open, how it is reached, and the token of its calendar."""

import datetime
import uuid

import django.contrib.postgres.constraints
from django.db import migrations, models

import officeflow.company.models


class Migration(migrations.Migration):
    dependencies = [
        ("company", "0001_initial"),
    ]

    operations = [
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
        migrations.AddField(
            model_name="office",
            name="calendar",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name="office",
            name="document_note",
            field=models.TextField(blank=True, default="", verbose_name="note on documents"),
        ),
        migrations.AddField(
            model_name="office",
            name="email",
            field=models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddField(
            model_name="office",
            name="phone",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="phone"),
        ),
        migrations.AddField(
            model_name="office",
            name="tax_number",
            field=models.CharField(
                blank=True, default="", max_length=40, verbose_name="tax number"
            ),
        ),
        migrations.AddField(
            model_name="office",
            name="website",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="website"),
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
    ]
