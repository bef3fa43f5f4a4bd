"""Finding the status behind a value or a model field."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from django.db import models

from officeflow.workflow import State


def _all_states(parent: type[State] = State) -> list[type[State]]:
    found: list[type[State]] = []
    for enum in parent.__subclasses__():
        found += [enum, *_all_states(enum)]
    return found


@cache
def _enum_of(field: models.Field[Any, Any]) -> type[State] | None:
    if isinstance(field.default, State):
        return type(field.default)
    values = [str(value) for value, _label in field.flatchoices]
    for enum in _all_states():
        if values and [str(member.value) for member in enum] == values:
            return enum
    return None


def member_of(thing: Any, field_name: str = "") -> State | None:
    """Returns ``thing`` if it is a status, or the status in a field of the record ``thing``.

    None when the field is empty or has no known status.
    """
    if isinstance(thing, State):
        return thing
    if field_name and isinstance(thing, models.Model):
        value = getattr(thing, field_name)
        return value if isinstance(value, State) else _member(type(thing), field_name, value)
    return None


@lru_cache(maxsize=1000)
def _member(model: type[models.Model], field_name: str, value: Any) -> State | None:
    enum = _enum_of(model._meta.get_field(field_name))
    return enum(value) if enum is not None and value in enum.values else None
