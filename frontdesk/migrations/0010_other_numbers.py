"""Imported orders and complaints are found by their number in the other program."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are indexed.
    atomic = False

    dependencies = [("frontdesk", "0009_site_of_money")]

    operations = [
        AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                Upper("source_reference"),
                condition=~models.Q(source=""),
                name="complaint_by_reference",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                Upper("source_reference"),
                condition=~models.Q(source=""),
                name="order_by_reference",
            ),
        ),
    ]
