"""A ticket that is with the desk may have lost its assignee."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are checked.
    atomic = False
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="ticket", name="ticket_assignee_fits_state"),
        AddConstraintNotValid(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["taken", "held", "completed"], assignee__isnull=False)
                | Q(state="waiting", assignee__isnull=True)
                | Q(state__in=["returned", "cancelled"]),
                name="ticket_assignee_fits_state",
            ),
        ),
        ValidateConstraint(model_name="ticket", name="ticket_assignee_fits_state"),
    ]
