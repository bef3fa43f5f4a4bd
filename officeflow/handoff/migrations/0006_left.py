from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handoff", "0005_tally")]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="left_at",
            field=models.DateTimeField(null=True),
        ),
    ]
