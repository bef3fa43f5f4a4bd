from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_sums_and_warnings")]

    operations = [
        migrations.AddField(
            model_name="rememberedmapping",
            name="known_columns",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
