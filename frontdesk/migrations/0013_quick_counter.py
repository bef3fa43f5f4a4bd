"""What waits longest for the desk is read from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are indexed.
    atomic = False

    dependencies = [("frontdesk", "0012_inactive_customers_by_name")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                Coalesce("ready_at", "changed_at"),
                "id",
                name="order_to_hand_over",
                condition=models.Q(state="placed", fulfilment_state="ready", delivery="pick_up"),
            ),
        ),
        AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                fields=["resolved_at", "id"],
                name="complaint_to_confirm",
                condition=models.Q(state="resolved"),
            ),
        ),
    ]
