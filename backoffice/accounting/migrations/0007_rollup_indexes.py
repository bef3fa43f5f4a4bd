"""Entries of a day in their order, and documents by the time of their issue."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are indexed.
    atomic = False

    dependencies = [("accounting", "0006_rollups")]

    operations = [
        AddIndexConcurrently(
            model_name="journalentry",
            index=models.Index(fields=["booked_date", "id"], name="journal_by_day"),
        ),
        RemoveIndexConcurrently(model_name="journalentry", name="journal_by_date"),
        AddIndexConcurrently(
            model_name="invoice",
            index=models.Index(fields=["issued_at"], name="invoice_by_time"),
        ),
    ]
