import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_sequence("IN"),
        migrations.CreateModel(
            name="ImportFile",
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
                ("kind", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("file_digest", models.CharField(max_length=64)),
                ("headings", models.JSONField(default=list)),
                ("unread_headings", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                ("uploaded_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("cells_dropped_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Checked"),
                            ("running", "Being imported"),
                            ("stopped", "Stopped"),
                            ("finished", "Imported"),
                            ("discarded", "Discarded"),
                        ],
                        default="ready",
                        max_length=12,
                    ),
                ),
                ("rows_total", models.PositiveIntegerField()),
                ("rows_imported", models.PositiveIntegerField(default=0)),
                ("rows_refused", models.PositiveIntegerField(default=0)),
                ("rows_existing", models.PositiveIntegerField(default=0)),
                ("units_total", models.PositiveIntegerField()),
                ("units_done", models.PositiveIntegerField(default=0)),
                ("made", models.JSONField(default=dict)),
                ("worker", models.CharField(blank=True, max_length=40)),
                ("lease_until", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="import_file_by_kind"),
                    models.Index(fields=["file_digest"], name="import_file_by_file"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows_total__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("rows_imported"), "+", models.F("rows_refused")
                                    ),
                                    "+",
                                    models.F("rows_existing"),
                                ),
                            )
                        ),
                        name="import_counts_at_most_rows_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "finished"), _negated=True),
                            (
                                "rows_total",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("rows_imported"), "+", models.F("rows_refused")
                                    ),
                                    "+",
                                    models.F("rows_existing"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="import_finished_counts_rows_total",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=100)),
                ("is_done", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "import_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="imports.importfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_done", False)),
                        fields=["import_file", "position"],
                        name="import_unit_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("import_file", "position"), name="import_unit_position_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField(null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("is_done", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("imported", "Imported"),
                            ("refused", "Refused"),
                            ("existing", "Already there"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("reference", models.CharField(blank=True, max_length=40)),
                (
                    "import_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="imports.importfile",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="imports.importunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit"], name="import_row_by_unit"),
                    models.Index(
                        fields=["import_file", "outcome", "number"], name="import_row_by_outcome"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("import_file", "number"), name="import_row_once"
                    )
                ],
            },
        ),
    ]
