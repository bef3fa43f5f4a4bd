from pathlib import Path

from django.db import migrations

# What every hand-off comes through, kept in PostgreSQL: each connection plans it once instead of
# each time, which was half of its cost. No plan may read a whole table: one that was made while
# there were few rows is kept while they become many.
#
# Processes of the version before go on calling these while an office is brought up to date. So a
# function whose arguments or meaning change gets a new name; the old one goes a version later.
SQL = Path(__file__).resolve().parent.parent / "sql"
DROP = """
DROP FUNCTION handoff_post(text[], text, text, int, jsonb, boolean, bigint, double precision);
DROP FUNCTION handoff_find(text, int);
DROP FUNCTION handoff_finish(bigint, bigint, bigint);
DROP FUNCTION office_clock();
"""


def functions() -> str:
    """The text of every file, in an order in which each finds what it calls."""
    names = ("office_clock", "handoff_post", "handoff_find", "handoff_finish")
    return "\n".join((SQL / f"{name}.sql").read_text() for name in names)


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]

    operations = [migrations.RunSQL(functions(), DROP)]
