"""The text of secret messages is never stored; what was stored is deleted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_withdrawn")]

    operations = [
        migrations.RunSQL(
            "UPDATE mail_message SET body = '' WHERE is_secret AND body <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=Q(is_secret=False) | Q(body=""), name="message_secret_has_no_text"
            ),
        ),
    ]
