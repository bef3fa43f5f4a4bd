"""The functions in `sql/`: each connection plans them once, which was half of their cost.

No plan may read a whole table: one that was made while there were few rows is kept while they
become many. Processes of the version before go on calling these while an office is brought up to
date. So a function whose arguments or meaning change gets a new name (`…_v2`), in a file and a
migration of its own; the old one goes a version later.
"""

import re
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
FIRST = "office_clock"  # called by the others
FILES = [FIRST, *sorted(path.stem for path in SQL.glob("*.sql") if path.stem != FIRST)]


def operation(name: str) -> migrations.RunSQL:
    """Makes the functions of one file."""
    text = (SQL / f"{name}.sql").read_text()
    made = re.findall(r"^CREATE FUNCTION (\w+)\(", text, re.MULTILINE)
    return migrations.RunSQL(text, "".join(f"DROP FUNCTION {one};" for one in made))


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]

    operations = [operation(name) for name in FILES]
