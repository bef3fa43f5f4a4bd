"""Passwords that colleagues set expire, and people are told of further changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_attempt_count")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="one_time_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(
            "UPDATE staff_user SET one_time_until = now() + interval '72 hours'"
            " WHERE must_change_password",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="accountnotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reset_link", "made a link with which your password can be changed"),
                    ("password", "set a new password for you"),
                    ("factor_reset", "removed your second factor"),
                    ("email", "changed your e-mail address"),
                    ("reactivated", "reactivated your account"),
                ],
                max_length=12,
            ),
        ),
    ]
