"""Updates of many rows, or that return the rows they wrote, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.sql import UpdateQuery

M = TypeVar("M", bound=Model)


def update_returning(rows: QuerySet[M], **values: Any) -> list[M]:
    """Does what `rows.update(**values)` does, and returns the rows as they are now.

    `rows` are of one table: they have no condition on a related one.
    """
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    sql, params = query.get_compiler(rows.db).as_sql()
    return list(rows.model._base_manager.using(rows.db).raw(f"{sql} RETURNING *", params))


def take_values(record: M, now: M) -> None:
    """Gives a record the values of another instance of it, as `refresh_from_db` does."""
    fields: tuple[Any, ...] = record._meta.concrete_fields
    for field in fields:
        is_changed = getattr(record, field.attname) != getattr(now, field.attname)
        setattr(record, field.attname, getattr(now, field.attname))
        if is_changed and field.is_relation and field.is_cached(record):
            field.delete_cached_value(record)


def update_each(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Writes these fields of stored rows of one model, by one short statement.

    Does what Django's `bulk_update` does, whose statement has an expression for each value of each
    row and takes Django longer to write than PostgreSQL to run. The caller has locked the rows.
    """
    if not rows:
        return
    model, here = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    key = model._meta.pk
    written: list[Any] = [key, *(model._meta.get_field(name) for name in fields)]
    quote = here.ops.quote_name
    columns = [quote(field.column) for field in written]
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS row SET "  # noqa: S608 (names of our own)
        + ", ".join(f"{column} = new.{column}" for column in columns[1:])
        + f" FROM unnest({', '.join(f'%s::{_type(field)}[]' for field in written)})"
        + f" AS new({', '.join(columns)}) WHERE row.{columns[0]} = new.{columns[0]}"
    )
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=False), here) for row in rows]
        for field in written
    ]
    with here.cursor() as cursor:
        cursor.execute(statement, values)


def _type(field: Field[Any, Any]) -> str:
    """Returns the type of a column, without the length to which a cast would cut a text."""
    return (field.db_type(connection) or "").partition("(")[0]
