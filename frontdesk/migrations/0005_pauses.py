import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frontdesk", "0004_payment_methods"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="reason_label",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="question",
            name="reason",
            field=models.CharField(max_length=30),
        ),
        migrations.CreateModel(
            name="Pause",
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
                        related_name="pauses",
                        to="frontdesk.complaint",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
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
                        name="pause_one_open_a_ticket",
                    )
                ],
            },
        ),
        # What was asked before reasons had a table keeps the words of its day.
        migrations.RunSQL(
            """
            UPDATE frontdesk_question SET reason_label = CASE reason
                WHEN 'information_missing' THEN 'Information is missing'
                WHEN 'out_of_stock' THEN 'Goods are not there'
                WHEN 'address_unclear' THEN 'Address is unclear'
                WHEN 'ask_customer' THEN 'The customer must decide'
                ELSE 'Another reason' END
            WHERE reason_label = ''
            """,
            migrations.RunSQL.noop,
        ),
    ]
