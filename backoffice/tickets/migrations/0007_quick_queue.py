"""The beginning of a queue, and a person's own tickets, are read from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are indexed.
    atomic = False

    dependencies = [("tickets", "0006_hr_access_ways")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                fields=["department", "state", "rank", "is_promised", "due_at", "id"],
                name="ticket_queue_by_state",
                condition=models.Q(state__in=["waiting", "taken", "held", "returned"]),
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                fields=["assignee", "department"],
                name="ticket_of_assignee",
                condition=models.Q(state__in=["taken", "held", "returned"]),
            ),
        ),
        RemoveIndexConcurrently(model_name="ticket", name="ticket_queue_by_rank"),
    ]
