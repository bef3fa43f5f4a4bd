"""Tickets are found by what they are about and whose they are, however it is typed."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from officeflow.text import name_key

PLAIN = """
    UPDATE tickets_ticket SET search_key = lower(btrim(customer_name || ' ' || title))
    WHERE search_key = ''
"""


def fold(apps, schema_editor):
    """What the database cannot fold by itself: names with more than the plain letters."""
    ticket = apps.get_model("tickets", "Ticket")
    rows = ticket.objects.filter(search_key__regex=r"[^ -~]|  ").only(
        "pk", "customer_name", "title"
    )
    waiting = []
    for row in rows.iterator(chunk_size=2000):
        row.search_key = name_key(f"{row.customer_name} {row.title}")[:420]
        waiting.append(row)
        if len(waiting) == 2000:
            ticket.objects.bulk_update(waiting, ["search_key"])
            waiting = []
    if waiting:
        ticket.objects.bulk_update(waiting, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0004_reason_labels"),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            model_name="ticket",
            name="search_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=420),
            preserve_default=False,
        ),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.RunPython(fold, migrations.RunPython.noop),
        # Filling the column leaves events of deferred constraints behind, which an index minds.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_key"], name="ticket_like", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("customer_number", ""), _negated=True),
                fields=["customer_number"],
                name="ticket_by_customer",
            ),
        ),
    ]
