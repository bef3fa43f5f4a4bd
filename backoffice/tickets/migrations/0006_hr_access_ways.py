"""HR is notified of each way into an account of HR."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_hr_access")]

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
                    ("hr_email", "The e-mail address of somebody of HR was changed"),
                    ("hr_factor", "The second factor of somebody of HR was removed"),
                    ("hr_active", "An account of HR was reactivated"),
                ],
                max_length=12,
            ),
        ),
    ]
