"""Serializers that are made once instead of for each request."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from django.utils.translation import get_language
from rest_framework.serializers import BaseSerializer

S = TypeVar("S", bound=BaseSerializer[Any])


def shared_serializer(kind: type[S]) -> S:
    """Returns the process's serializer of a class, for `run_validation` and `to_representation`.

    Both keep nothing in it, and have no context. Making a serializer copies each of its fields,
    which takes longer than to read a body or to write an answer with it.
    """
    return cast("S", _made(kind, get_language()))  # type: ignore[arg-type]  # a class is hashable


@cache
def _made(kind: type[BaseSerializer[Any]], language: str | None) -> BaseSerializer[Any]:
    # One for each language, because a field keeps its message in the language of its first use.
    return kind()
