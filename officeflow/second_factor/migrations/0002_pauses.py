"""Pauses after wrong codes grow."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("second_factor", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="secondfactor",
            name="pauses",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
