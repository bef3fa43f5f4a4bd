from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="importfile",
            name="rows_gathered",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importfile",
            name="sums",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="is_warning",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("is_warning", True)),
                fields=["import_file", "number"],
                name="import_row_warnings",
            ),
        ),
    ]
