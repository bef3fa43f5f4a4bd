"""Bills are found by their customer's name with a slip or two, and `ø` counts as `o`."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# As officeflow.text.name_key folds the letters that Unicode does not take apart.
FOLD = """
    UPDATE accounting_bill SET customer_key = left(
        replace(replace(replace(
            translate(customer_key, 'øđðłħı’‘ʼ‐‑–', 'oddlhi''''''---'),
        'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 200)
    WHERE customer_key ~ '[øđðłħı’‘ʼ‐‑–æœþ]'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0003_papers"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FOLD, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="bill",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["customer_key"], name="bill_customer_like", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
