"""Notifications say what was taken back since, and how fulfilment answered a rush."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frontdesk", "0010_other_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="desknotification",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="desknotification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked", "A department asks a question"),
                    ("ready", "The goods are ready"),
                    ("answered", "A complaint was answered"),
                    ("refund_due", "A refund is due"),
                    ("reopened", "Goods were taken back into work"),
                    ("taken_back", "A complaint’s answer was taken back"),
                    ("rush_yes", "A rush was accepted"),
                    ("rush_no", "A rush was refused"),
                ],
                max_length=12,
            ),
        ),
    ]
