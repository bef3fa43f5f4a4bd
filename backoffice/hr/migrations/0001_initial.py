import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("handoff", "0002_sql"),
        ("tickets", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommissionRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7, verbose_name="rate")),
                ("valid_from_date", models.DateField(verbose_name="valid from")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commission_rates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from_date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lte", 1)),
                        name="commission_rate_is_a_fraction",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "valid_from_date"),
                        name="commission_rate_once_a_day",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConductCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("complaint_number", models.CharField(db_index=True, max_length=20)),
                (
                    "severity",
                    models.CharField(
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High")],
                        max_length=10,
                    ),
                ),
                ("order_number", models.CharField(blank=True, max_length=20)),
                ("is_reopened", models.BooleanField(default=False)),
                ("description", models.TextField()),
                ("desired_outcome", models.TextField(blank=True)),
                ("raised_at", models.DateTimeField()),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conduct_case",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Commission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=20)),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("earned_date", models.DateField()),
                ("accrued_at", models.DateTimeField()),
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="hr.commission",
                    ),
                ),
                (
                    "salesperson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commissions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["salesperson", "earned_date"], name="commission_by_person"
                    ),
                    models.Index(fields=["earned_date"], name="commission_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", True)),
                        fields=("order_number",),
                        name="commission_once_an_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gte", 0), ("net__gte", 0), ("reverses__isnull", True)
                            ),
                            models.Q(
                                ("amount__lte", 0), ("net__lte", 0), ("reverses__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="commission_reversal_is_negative",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="commission",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8ff3f506f9329d3bc119bbe711105311a94a37af",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_f166d",
                    table="hr_commission",
                    when="BEFORE",
                ),
            ),
        ),
    ]
