"""Writing other values into many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def update_each(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Writes these fields of stored rows of one model, by one short statement.

    Does what Django's `bulk_update` does, whose statement has an expression for each value of each
    row and takes Django longer to write than PostgreSQL to run. The caller has locked the rows.
    """
    if not rows:
        return
    model = type(rows[0])
    key = model._meta.pk
    written: list[Any] = [key, *(model._meta.get_field(name) for name in fields)]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in written]
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS row SET "  # noqa: S608 (names of our own)
        + ", ".join(f"{column} = new.{column}" for column in columns[1:])
        + f" FROM unnest({', '.join(f'%s::{_type(field)}[]' for field in written)})"
        + f" AS new({', '.join(columns)}) WHERE row.{columns[0]} = new.{columns[0]}"
    )
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=False), connection) for row in rows]
        for field in written
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _type(field: Field[Any, Any]) -> str:
    """Returns the type of a column, without the length to which a cast would cut a text."""
    return (field.db_type(connection) or "").partition("(")[0]
