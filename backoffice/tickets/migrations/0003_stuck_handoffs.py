"""Notifications can be about stuck hand-offs."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are checked.
    atomic = False

    dependencies = [
        ("handoff", "0004_stuck_reports"),
        ("tickets", "0002_releases"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="count",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="notification",
            name="handoff",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="handoff.handoff",
            ),
        ),
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
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("handoff__isnull", False)),
                fields=["handoff"],
                name="notification_by_handoff",
            ),
        ),
        AddConstraintNotValid(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handoff__isnull", True), ("ticket__isnull", False)),
                    models.Q(("handoff__isnull", False), ("ticket__isnull", True)),
                    _connector="OR",
                ),
                name="notification_about_one_thing",
            ),
        ),
        ValidateConstraint(model_name="notification", name="notification_about_one_thing"),
    ]
