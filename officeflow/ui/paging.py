"""Lists in pages by key: however long a list grows, its hundredth page costs what its first does.

The address carries what names the row next to the page (`?after=INV-2026-000123`), never an
offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Slice(Generic[M]):
    """Rows of a list that follow each other, and whether there are more on either side."""

    rows: list[M]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list and the addresses of its neighbours (empty where there is none)."""

    rows: list[M]
    previous_url: str
    next_url: str


def page_of(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    order: Sequence[str],
    cursor: str = "number",
    size: int = 0,
    address: str = "",
) -> Page[M]:
    """The page that the request's `after` or `before` names; the first one without.

    `order` names the fields of the key, the last of them unique; `cursor` is the unique field
    that names a row in addresses. A row that is not there gives the first page. The addresses of
    the other pages are those of the request, or begin with `address`.
    """
    after, before = (request.GET.get(way, "") for way in ("after", "before"))
    found = slice_of(
        rows,
        order=order,
        row=_named(rows, cursor, after or before),
        backwards=bool(before and not after),
        size=size,
    )

    def url(way: str, row: M) -> str:
        turned = urlencode({way: str(getattr(row, cursor))})
        base = address or _address(request)
        return f"{base}{'&' if '?' in base else '?'}{turned}"

    return Page(
        rows=found.rows,
        previous_url=url("before", found.rows[0]) if found.has_previous else "",
        next_url=url("after", found.rows[-1]) if found.has_next else "",
    )


def slice_of(
    rows: QuerySet[M],
    *,
    order: Sequence[str],
    row: M | None = None,
    backwards: bool = False,
    size: int = 0,
) -> Slice[M]:
    """The rows that come after `row` in the order of a key, or before it; else the first ones.

    A row without a value for a part of the key has no place in the order: it gives the first ones.
    """
    size = size or PAGE_SIZE
    if row is None or not has_place(row, order):
        found = list(rows.order_by(*order)[: size + 1])
        return Slice(found[:size], has_previous=False, has_next=len(found) > size)
    keys = [flipped(field) for field in order] if backwards else order
    found = list(following(rows, row, keys)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
        return Slice(found, has_previous=more, has_next=bool(found))
    return Slice(found, has_previous=bool(found), has_next=more)


def following(rows: QuerySet[M], row: M, order: Sequence[str]) -> QuerySet[M]:
    """The rows that come after `row` in the order of a key, the next one first."""
    return rows.filter(beyond(row, order)).order_by(*order)


def has_place(row: Model, order: Sequence[str]) -> bool:
    """Whether a row has a value for each part of the key."""
    return all(getattr(row, field.lstrip("-")) is not None for field in order)


def _named(rows: QuerySet[M], cursor: str, name: str) -> M | None:
    if not name:
        return None
    try:
        return rows.model._default_manager.filter(**{cursor: name}).first()
    except (ValueError, OverflowError):  # somebody wrote the address by hand
        return None


def flipped(field: str) -> str:
    """The same key the other way round."""
    return field[1:] if field.startswith("-") else f"-{field}"


def beyond(row: Model, keys: Sequence[str]) -> Q:
    """Rows that come after `row` in the order of `keys`.

    The first key is bounded by itself as well, so that the index starts there.
    """
    first = keys[0].lstrip("-")
    bound = "lte" if keys[0].startswith("-") else "gte"
    beyond = Q()
    equal = Q()
    for key in keys:
        name = key.lstrip("-")
        value: Any = getattr(row, name)
        way = "lt" if key.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{way}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{first}__{bound}": getattr(row, first)}) & beyond


def _address(request: HttpRequest) -> str:
    """The request's own, without the page that it names."""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
