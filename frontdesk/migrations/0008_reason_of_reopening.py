"""Why a complaint was reopened, for the complaint's history at the desk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontdesk", "0007_told_words")]

    operations = [
        migrations.AddField(
            model_name="complaintperiod",
            name="reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
