"""Receipts say which transaction applied their hand-off.

The column comes first and its default after it, so that no row that is there is written anew, and
none gets the number of this migration's transaction.
"""

from django.db import migrations, models

from officeflow.transaction_id import TransactionId


class Migration(migrations.Migration):
    dependencies = [("handoff", "0002_sql")]

    operations = [
        migrations.AddField(
            model_name="handoffreceipt",
            name="transaction_id",
            field=models.BigIntegerField(null=True, editable=False),
        ),
        migrations.AlterField(
            model_name="handoffreceipt",
            name="transaction_id",
            field=models.BigIntegerField(null=True, db_default=TransactionId(), editable=False),
        ),
    ]
