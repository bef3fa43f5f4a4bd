"""Loading the related rows of one record, without asking for those that it does not have.

A record's page shows many kinds of rows that most records have none of: refunds, questions, holds.
One small statement tells which there are, and only those are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, Prefetch, prefetch_related_objects

# The relations by name, with what is selected with the rows of each. A relation of a relation
# (`payments__corrections`) comes after the first one.
Parts = Mapping[str, Sequence[str]]


def load_parts(record: Any, parts: Parts) -> None:
    """Prefetches the parts of a record that are not loaded yet.

    Those that it does not have are empty without a query of their own.
    """
    names = tuple(name for name in parts if name.partition("__")[0] not in _loaded(record))
    if not names:
        return
    model: Any = type(record)
    with connection.cursor() as cursor:
        cursor.execute(_which_exist(model, names), [record.pk] * len(names))
        exist = dict(zip(names, cursor.fetchone(), strict=True))
    prefetch_related_objects(
        [record], *(_prefetch(model, name, parts[name]) for name in names if exist[name])
    )
    for name in names:
        if not exist[name]:
            _leave_empty(record, name)


def _loaded(record: Any) -> dict[str, Any]:
    """Returns what is loaded of a record by the name of its relation; where Django keeps it."""
    kept: dict[str, Any] = record.__dict__.setdefault("_prefetched_objects_cache", {})
    return kept


def _prefetch(model: type[Model], name: str, selected: Sequence[str]) -> Prefetch[Any]:
    rows = _relations(model, name)[-1].related_model._default_manager
    return Prefetch(name, rows.select_related(*selected) if selected else rows.all())


def _leave_empty(record: Any, name: str) -> None:
    first, _, inner = name.partition("__")
    if inner:
        for part in getattr(record, first).all():
            _leave_empty(part, inner)
    else:
        rows = getattr(record, first).all()
        # As Django leaves them: a filter of these rows asks the database again.
        rows._result_cache, rows._prefetch_done = [], True
        _loaded(record)[first] = rows


def _relations(model: type[Model], name: str) -> list[Any]:
    """Returns the relations on the way to a part, the model's own first."""
    relations: list[Any] = []
    for step in name.split("__"):
        relations.append(model._meta.get_field(step))
        model = relations[-1].related_model
    return relations


@cache
def _which_exist(model: type[Model], names: tuple[str, ...]) -> str:
    """Returns the SQL that selects a boolean for each part, with the record's key as parameters."""
    quote = connection.ops.quote_name
    columns = []
    for name in names:
        relations = _relations(model, name)
        tables = [quote(each.related_model._meta.db_table) for each in relations]
        keys = [quote(each.field.column) for each in relations]
        joins = "".join(
            f" JOIN {table} ON {table}.{key} = {before}.id"
            for before, table, key in zip(tables, tables[1:], keys[1:], strict=False)
        )
        found = f"SELECT 1 FROM {tables[0]}{joins} WHERE {tables[0]}.{keys[0]} = %s"  # noqa: S608
        columns.append(f"EXISTS ({found})")
    return f"SELECT {', '.join(columns)}"
