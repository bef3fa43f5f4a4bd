"""Conditions of a search as SQL.

A search has as many conditions as the text has words, and Django takes longer to make its statement
than PostgreSQL to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


@dataclass(frozen=True)
class Condition:
    """A condition with `%s` for each of its values."""

    sql: str
    values: tuple[Any, ...] = ()

    def as_filter(self) -> RawSQL:
        """Returns it for the filter of a queryset."""
        return RawSQL(self.sql, self.values, output_field=BooleanField())  # noqa: S611


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Returns a condition that holds when one of these does; false for none of them."""
    return _joined(" OR ", conditions) or Condition("false")


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Returns a condition that holds when all of these do; true for none of them."""
    return _joined(" AND ", conditions) or Condition("true")


def _joined(word: str, conditions: Iterable[Condition]) -> Condition | None:
    parts = list(conditions)
    if not parts:
        return None
    text = word.join(part.sql for part in parts)
    return Condition(f"({text})", tuple(value for part in parts for value in part.values))


def equals(column: str, value: Any) -> Condition:
    """Returns the condition that a column has a value."""
    return Condition(f"{column} = %s", (value,))


def is_one_of(column: str, values: Iterable[Any]) -> Condition:
    """Returns the condition that a column has one of the values."""
    known = list(values)
    return Condition(f"{column} = ANY(%s)", (known,)) if known else Condition("false")


def begins(column: str, text: str) -> Condition:
    """Returns the condition that a column begins with a text."""
    return Condition(f"{column} LIKE %s", (f"{_escaped(text)}%",))


def ends(column: str, text: str) -> Condition:
    """Returns the condition that a column ends with a text."""
    return Condition(f"{column} LIKE %s", (f"%{_escaped(text)}",))


def contains(column: str, text: str) -> Condition:
    """Returns the condition that a column contains a text."""
    return Condition(f"{column} LIKE %s", (f"%{_escaped(text)}%",))


def _escaped(text: str) -> str:
    escaped: str = connection.ops.prep_for_like_query(text)
    return escaped


def rank(cases: Iterable[tuple[Condition, int]], default: int) -> Condition:
    """Returns the number of the first condition that holds, for the order of a search."""
    known = list(cases)
    sql = " ".join(f"WHEN {case.sql} THEN {number}" for case, number in known)
    values = tuple(value for case, _number in known for value in case.values)
    return Condition(f"CASE {sql} ELSE {default} END", values)
