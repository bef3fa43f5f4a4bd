"""Notifications can be about who can read HR's cases."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are checked.
    atomic = False
    dependencies = [("tickets", "0004_reopening_and_rush")]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mentioned", "You were mentioned"),
                    ("commented", "Somebody commented on your ticket"),
                    ("taken_over", "Your ticket was taken over"),
                    ("given", "A ticket was assigned to you"),
                    ("moved_on", "Your ticket was reassigned to a colleague"),
                    ("due_again", "A ticket is due again"),
                    ("answered", "The front desk answered"),
                    ("stuck", "Hand-offs are stuck"),
                    ("cancelled", "The work was cancelled: stop"),
                    ("reopened", "Your completed ticket was reopened"),
                    ("rush", "The front desk asks for a rush"),
                    ("hr_role", "Somebody got the HR role"),
                    ("hr_password", "A colleague can sign in as somebody of HR"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="notification", name="notification_about_one_thing"),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=Q(ticket__isnull=False, handoff__isnull=True)
                | Q(ticket__isnull=True, handoff__isnull=False)
                | Q(ticket__isnull=True, handoff__isnull=True, about__isnull=False),
                name="notification_about_one_thing",
            ),
        ),
        ValidateConstraint(model_name="notification", name="notification_about_one_thing"),
    ]
