"""Postponing a hand-off whose time has not come, such as a message that may still be withdrawn."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "v2" / "postpone.sql"


class Migration(migrations.Migration):
    dependencies = [("handoff", "0005_post_after_a_wait")]

    operations = [migrations.RunSQL(SQL.read_text(), "DROP FUNCTION handoff_postpone_v1;")]
