"""Keyset pagination of lists: every page costs the same, however long the list is.

The query string names the row next to the page (`?after=INV-2026-000123`), not an offset.
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
    """Consecutive rows of a list, and whether there are more on either side."""

    rows: list[M]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list, and the URLs of its neighbours (empty when there is none)."""

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
    named_among: QuerySet[M] | None = None,
    beginning: QuerySet[M] | None = None,
) -> Page[M]:
    """Returns the page after or before the row that `after` or `before` names, else the first.

    `order` names the fields of the key, the last of them unique; `cursor` is the unique field whose
    value names a row in URLs. It is looked for in `named_among`, which has the annotations of the
    key, by default among all rows. An unknown row gives the first page. The URLs of the other pages
    are the request's, or begin with `address`. `beginning` has fewer rows, from which the first
    page is read.
    """
    after, before = (request.GET.get(way, "") for way in ("after", "before"))
    named = _named(
        rows.model._default_manager.all() if named_among is None else named_among,
        cursor,
        after or before,
    )
    is_first = named is None or not has_place(named, order)
    found = slice_of(
        beginning if is_first and beginning is not None else rows,
        order=order,
        row=named,
        backwards=bool(before and not after),
        size=size,
    )

    def url(way: str, row: M) -> str:
        parameter = urlencode({way: str(getattr(row, cursor))})
        base = address or _url_without_page(request)
        return f"{base}{'&' if '?' in base else '?'}{parameter}"

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
    """Returns the rows after `row` in the order of a key, or before it; else the first rows.

    A row with None in the key has no position in the order, and gives the first rows.
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
    """Returns the rows after `row` in the order of a key."""
    return rows.filter(beyond(row, order)).order_by(*order)


def has_place(row: Model, order: Sequence[str]) -> bool:
    """Returns whether a row has a value for each part of the key."""
    return all(getattr(row, field.lstrip("-")) is not None for field in order)


def _named(rows: QuerySet[M], cursor: str, name: str) -> M | None:
    if not name:
        return None
    try:
        return rows.filter(**{cursor: name}).first()
    except (ValueError, OverflowError):  # an invalid value in the query string
        return None


def flipped(field: str) -> str:
    """Returns the field in the opposite order."""
    return field[1:] if field.startswith("-") else f"-{field}"


def beyond(row: Model, keys: Sequence[str]) -> Q:
    """Returns a filter for the rows after `row` in the order of `keys`.

    It also bounds the first key by itself, so that an index scan starts there.
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


def _url_without_page(request: HttpRequest) -> str:
    """Returns the request's path and query string without `after` and `before`."""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
