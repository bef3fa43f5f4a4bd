"""Updates that return the rows they wrote, in one statement."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
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
