from django.db import migrations, models


class Migration(migrations.Migration):
    """The database itself says which streams are tallied: a version that knows of no tally posts
    to them as well.
    """

    dependencies = [("handoff", "0008_fewer_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="stream", name="stream_untallied"),
        migrations.RemoveIndex(model_name="stream", name="stream_untrimmed"),
        migrations.RemoveField(model_name="stream", name="is_tallied"),
        migrations.AddField(
            model_name="stream",
            name="is_tallied",
            field=models.GeneratedField(
                expression=models.Q(posted=models.F("tallied")),
                output_field=models.BooleanField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="stream",
            index=models.Index(
                condition=models.Q(("is_tallied", False)), fields=["id"], name="stream_untallied"
            ),
        ),
        migrations.AddIndex(
            model_name="stream",
            index=models.Index(
                condition=models.Q(("is_tallied", True), ("trimmed__lt", models.F("tallied"))),
                fields=["settled_at"],
                name="stream_untrimmed",
            ),
        ),
    ]
