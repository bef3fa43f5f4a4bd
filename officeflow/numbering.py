"""Reference numbers that people can say aloud.

`CU-000012`, `SO-000123`, `CP-000045`, `TK-000789` come from PostgreSQL sequences, which may
leave gaps; invoices and credit notes are numbered without gaps in `backoffice.accounting`. Which
prefix is whose is said by the kinds of `records`.
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
    """The next reference number of the series, such as `SO-000123`.

    Raises `KeyError` for a prefix that has no sequence.
    """
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """As many numbers of the series, in their order; others may lie between them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_sequence(prefix), count]
        )
        return [f"{prefix}-{value:06d}" for (value,) in cursor.fetchall()]


def create_sequence(prefix: str) -> Operation:
    """A migration's operation that makes the sequence of the series."""
    sequence = _sequence(prefix)
    return RunSQL(f"CREATE SEQUENCE IF NOT EXISTS {sequence}", f"DROP SEQUENCE {sequence}")


def sequence_prefixes() -> list[str]:
    """The prefixes of all numbers that come from sequences."""
    return [kind.prefix for kind in records.kinds() if kind.prefix]


def yearly_prefixes() -> list[str]:
    """The prefixes of all numbers that count anew each year."""
    return [prefix for kind in records.kinds() for prefix in kind.yearly_prefixes]


def normalise(text: str) -> str:
    """A number as people type it, in its written form: ` so 123 ` becomes `SO-000123`.

    Text that is not a number of ours is returned stripped and upper-cased.
    """
    compact = text.strip().upper().replace(" ", "")
    for prefix in sequence_prefixes():
        digits = compact.removeprefix(prefix).lstrip("-")
        # Not `isdigit`, which takes ², nor more digits than the sequence has.
        if compact.startswith(prefix) and digits.isdecimal() and len(digits) <= MOST_DIGITS:
            return f"{prefix}-{int(digits):06d}"
    return compact
