"""Inserting records by SQL that is made once for each table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.db.transaction import mark_for_rollback_on_error

M = TypeVar("M", bound=Model)

FEW = 50


def insert(records: Iterable[M]) -> None:
    """Inserts new records of one model in one statement, and gives them their keys.

    Does what `bulk_create` does, in a third of the time for a `FEW` records.
    """
    rows = list(records)
    if len(rows) > FEW:
        type(rows[0])._base_manager.bulk_create(rows)
    elif rows:
        _insert_few(rows)


def _insert_few(rows: list[M]) -> None:
    begin, end, fields, returned = _statement(type(rows[0]))
    here = connections[DEFAULT_DB_ALIAS]  # not `connection`, which looks itself up at each use
    groups, values = [], []
    for row in rows:
        marks = []
        for field in fields:
            value = field.pre_save(row, add=True)
            if isinstance(value, DatabaseDefault):
                marks.append("DEFAULT")
            else:
                marks.append("%s")
                values.append(field.get_db_prep_save(value, here))
        groups.append(f"({', '.join(marks)})")
    with mark_for_rollback_on_error(here.alias), here.cursor() as cursor:
        cursor.execute(f"{begin} {', '.join(groups)} {end}", values)
        written = cursor.fetchall()
    for row, found in zip(rows, written, strict=True):
        for field, value in zip(returned, found, strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, here.alias


@cache
def _statement(model: type[Model]) -> tuple[str, str, list[Field[Any, Any]], list[Field[Any, Any]]]:
    """Returns the begin and the end of an INSERT, the fields it writes, and those it returns."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = [each for each in meta.concrete_fields if not (each.primary_key or each.generated)]
    columns = ", ".join(quote(field.column) for field in fields)
    returned = ", ".join(quote(field.column) for field in meta.db_returning_fields)
    begin = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES"
    return begin, f"RETURNING {returned}", fields, list(meta.db_returning_fields)
