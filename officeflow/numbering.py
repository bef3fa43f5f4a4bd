"""Reference numbers that people can say aloud.

`CU-000012`, `SO-000123`, `CP-000045`, `TK-000789` come from PostgreSQL sequences, which may
leave gaps; invoices and credit notes are numbered without gaps in `backoffice.accounting`. The
kinds in `records` define the prefixes.
"""

from __future__ import annotations

from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL

from officeflow import records

MOST_DIGITS = 19  # of a bigint


def _sequence(prefix: str) -> str:
    kind = records.kind_with_prefix(prefix)
    if kind is None or kind.prefix != prefix:
        raise KeyError(prefix)
    return kind.sequence


def next_number(prefix: str) -> str:
    """Returns the next reference number of the series, such as `SO-000123`.

    Raises `KeyError` for a prefix that has no sequence.
    """
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """Returns `count` numbers of the series, rising, perhaps with gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_sequence(prefix), count]
        )
        return [f"{prefix}-{value:06d}" for (value,) in cursor.fetchall()]


def create_sequence(prefix: str) -> Operation:
    """Returns a migration operation that creates the sequence of the series."""
    sequence = _sequence(prefix)
    return RunSQL(f"CREATE SEQUENCE IF NOT EXISTS {sequence}", f"DROP SEQUENCE {sequence}")


def sequence_prefixes() -> list[str]:
    """Returns the prefixes of all numbers that come from sequences."""
    return [kind.prefix for kind in records.kinds() if kind.prefix]


def yearly_prefixes() -> list[str]:
    """Returns the prefixes of all numbers that begin at 1 each year."""
    return [prefix for kind in records.kinds() for prefix in kind.yearly_prefixes]


def normalise(text: str) -> str:
    """Returns a typed reference number in its written form: ` so 123 ` becomes `SO-000123`.

    Other text is returned stripped and in upper case.
    """
    compact = text.strip().upper().replace(" ", "")
    for prefix in sequence_prefixes():
        digits = compact.removeprefix(prefix).lstrip("-")
        # `isdigit` would accept ², and more digits would exceed a bigint.
        if compact.startswith(prefix) and digits.isdecimal() and len(digits) <= MOST_DIGITS:
            return f"{prefix}-{int(digits):06d}"
    return compact
