"""Lists in pages by key: however long a list grows, its hundredth page costs what its first does.

The address carries what names the row next to the page (`?after=INV-2026-000123`), never an
offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


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
    size: int = PAGE_SIZE,
) -> Page[M]:
    """The page that the request's `after` or `before` names; the first one without.

    `order` names the fields of the key, the last of them unique; `cursor` is the unique field
    that names a row in addresses. A row that is not there gives the first page.
    """
    after, before = (request.GET.get(way, "") for way in ("after", "before"))
    neighbour = _named(rows, cursor, after or before)
    backwards = bool(before and not after and neighbour)
    keys = [flipped(field) for field in order] if backwards else list(order)
    page = rows.order_by(*keys)
    if neighbour is not None:
        page = page.filter(beyond(neighbour, keys))
    found = list(page[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else neighbour is not None
    has_next = True if backwards else more
    return Page(
        rows=found,
        previous_url=_url(request, "before", found[0], cursor) if has_previous and found else "",
        next_url=_url(request, "after", found[-1], cursor) if has_next and found else "",
    )


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


def _url(request: HttpRequest, way: str, row: Model, cursor: str) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[way] = str(getattr(row, cursor))
    return f"{request.path}?{query.urlencode()}"
