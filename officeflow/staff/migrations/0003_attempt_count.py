"""Counts of attempts, and the notice of a removed second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_sessions_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttemptCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AlterField(
            model_name="accountnotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reset_link", "made a link with which your password can be changed"),
                    ("password", "set a new password for you"),
                    ("factor_reset", "removed your second factor"),
                ],
                max_length=12,
            ),
        ),
    ]
