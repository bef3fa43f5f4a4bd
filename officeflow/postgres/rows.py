"""Reading rows by SQL that Django makes once.

Django takes longer to make the SQL of a query than PostgreSQL takes to answer it. What each request
reads keeps its SQL, and only the values differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


def sql_of(rows: QuerySet[Any]) -> str:
    """Returns the SQL of a query with `%s` for each value, in the order in which it names them."""
    return str(rows.query.sql_with_params()[0])


def figures_of(rows: QuerySet[Any], figures: str, condition: str) -> tuple[str, tuple[Any, ...]]:
    """Returns the SQL of figures over the rows of a query that meet a condition in SQL, and the
    values of the query; those of the condition follow them."""
    sql, values = rows.order_by().query.sql_with_params()
    return f"SELECT {figures} FROM ({sql}) AS own WHERE {condition}", values  # noqa: S608  no values


def read_rows(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Returns the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def records_of(row: Sequence[Any], *models: type[Model]) -> list[Any]:
    """Returns the records in a row that has all columns of each model in turn.

    As `select_related` reads them: the relations in the order of the model's fields. None for a
    relation that is null.
    """
    records: list[Model | None] = []
    for model in models:
        names = _columns(model)
        values, row = row[: len(names)], row[len(names) :]
        is_there = any(value is not None for value in values)
        records.append(model.from_db(connection.alias, names, values) if is_there else None)
    return records


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def columns_of(model: type[Model]) -> str:
    """Returns the columns of a model for a SELECT, as `records_of` expects them."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    return ", ".join(f"{table}.{quote(field.column)}" for field in model._meta.concrete_fields)


def remember_related(record: Model, name: str, rows: Sequence[Model]) -> None:
    """Makes `record.<name>.all()` return these rows, as after `prefetch_related`.

    For rows that were just written. `refresh_from_db` forgets them.
    """
    known: Any = getattr(record, name).all()
    known._result_cache = list(rows)
    prefetched: dict[str, Any] = record.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[name] = known
