"""User names that differ in case or width only are one name."""

import unicodedata

import django.contrib.auth.validators
import django.core.validators
from django.db import migrations, models

import officeflow.staff.user_names


def set_keys(apps, schema_editor):
    """Sets the keys; of two accounts with one key the later one has none."""
    taken = set()
    for user in apps.get_model("staff", "User").objects.order_by("pk").only("pk", "username"):
        folded = unicodedata.normalize("NFKC", user.username).casefold()
        key = unicodedata.normalize("NFKC", folded)
        if key not in taken:
            taken.add(key)
            user.username_key = key
            user.save(update_fields=["username_key"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_one_time_passwords")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="username_key",
            field=models.CharField(
                blank=True, editable=False, max_length=450, null=True, unique=True
            ),
        ),
        migrations.RunPython(set_keys, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="user",
            name="username",
            field=models.CharField(
                error_messages={
                    "unique": "Somebody already has this user name. Choose another one."
                },
                max_length=150,
                unique=True,
                validators=[
                    django.contrib.auth.validators.UnicodeUsernameValidator(),
                    officeflow.staff.user_names.one_alphabet,
                    django.core.validators.MaxLengthValidator(60),
                ],
                verbose_name="user name",
            ),
        ),
    ]
