"""Which hand-offs were reported as stuck."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0003_receipt_transaction"),
    ]

    operations = [
        migrations.CreateModel(
            name="StuckReport",
            fields=[
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="handoff.handoff",
                    ),
                ),
                ("reported_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "handoff_stuck_report",
            },
        ),
    ]
