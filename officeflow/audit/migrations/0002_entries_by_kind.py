"""The entries of a person, and those about a kind of record, are read latest first."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Without a transaction, so that no lock is held while the rows are indexed.
    atomic = False

    dependencies = [
        ("audit", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(fields=["actor", "-at"], name="audit_by_actor"),
        ),
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(fields=["subject_kind", "-at"], name="audit_by_kind"),
        ),
        # The index of the actor alone, which the first one replaces.
        migrations.AlterField(
            model_name="auditentry",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
