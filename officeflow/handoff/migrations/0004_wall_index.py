from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handoff", "0003_mail_destination")]

    operations = [
        migrations.RemoveIndex(model_name="handoff", name="handoff_by_day"),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                fields=["posted_at", "id"],
                include=("destination", "contract", "state", "delivered_at", "accepted_at"),
                name="handoff_by_time",
            ),
        ),
    ]
