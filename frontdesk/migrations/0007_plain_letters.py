"""`Bjørn` is found as `bjorn`: the keys of names written before that was so."""

from django.db import migrations

# As officeflow.text.name_key folds the letters that Unicode does not take apart.
FOLD = """
    UPDATE frontdesk_customer SET name_key = left(
        replace(replace(replace(
            translate(name_key, 'øđðłħı’‘ʼ‐‑–', 'oddlhi''''''---'),
        'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 200)
    WHERE name_key ~ '[øđðłħı’‘ʼ‐‑–æœþ]'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("frontdesk", "0006_read_in"),
    ]

    operations = [migrations.RunSQL(FOLD, migrations.RunSQL.noop)]
