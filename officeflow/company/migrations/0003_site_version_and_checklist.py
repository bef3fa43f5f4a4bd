"""A version for sites, and when the list of what is left to set up was put away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("company", "0002_opening_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="checklist_hidden_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="site",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
