"""Products are found by names with a slip or two, and `ø` counts as `o`."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# As officeflow.text.name_key folds the letters that Unicode does not take apart.
FOLD = """
    UPDATE catalogue_product SET name_key = left(
        replace(replace(replace(
            translate(name_key, 'øđðłħı’‘ʼ‐‑–', 'oddlhi''''''---'),
        'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 200)
    WHERE name_key ~ '[øđðłħı’‘ʼ‐‑–æœþ]'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_category_and_standard_rate"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FOLD, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_key"], name="product_name_like", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
