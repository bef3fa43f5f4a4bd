"""Posting hand-offs that are not applied before some seconds have passed.

Processes of the version before go on calling `handoff_post_v1`.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "v2" / "post.sql"


class Migration(migrations.Migration):
    dependencies = [("handoff", "0004_stuck_reports")]

    operations = [migrations.RunSQL(SQL.read_text(), "DROP FUNCTION handoff_post_v2;")]
