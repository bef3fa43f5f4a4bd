from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontdesk", "0006_search_waits_notifications")]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(
                    ("is_sealed", True),
                    ("state", "confirmed"),
                    models.Q(("message", ""), _negated=True),
                ),
                fields=["id"],
                name="complaint_told_words",
            ),
        ),
    ]
