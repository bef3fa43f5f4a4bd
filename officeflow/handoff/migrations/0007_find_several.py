"""Finding several fresh hand-offs that may share a transaction.

Processes of the version before go on calling `handoff_find_v1`.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "v2" / "find.sql"


class Migration(migrations.Migration):
    dependencies = [("handoff", "0006_postpone")]

    operations = [migrations.RunSQL(SQL.read_text(), "DROP FUNCTION handoff_find_v2;")]
