"""Lists in pages by key: however long a list grows, its hundredth page costs what its first does.

The address carries the reference number of the row next to the page (`?after=SO-000123`), never
a primary key or an offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE = 50


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list and the addresses of its neighbours (empty where there is none)."""

    rows: list[M]
    previous_url: str
    next_url: str


def page_of(
    request: HttpRequest, rows: QuerySet[M], *, order: Sequence[str], size: int = PAGE
) -> Page[M]:
    """The page that the request's `after` or `before` names; the first one without.

    `order` names the fields of the key, the last of them unique. A number that is not in the
    list any more gives the first page.
    """
    after, before = (request.GET.get(way, "").replace("\x00", "") for way in ("after", "before"))
    neighbour = None
    if after or before:
        neighbour = rows.model._default_manager.filter(number=after or before).first()
    backwards = bool(before and not after and neighbour)
    keys = [_flipped(field) for field in order] if backwards else list(order)
    page = rows.order_by(*keys)
    if neighbour is not None:
        page = page.filter(_beyond(neighbour, keys))
    found = list(page[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    has_previous = more if backwards else neighbour is not None
    has_next = True if backwards else more
    return Page(
        rows=found,
        previous_url=_url(request, "before", first) if has_previous and first else "",
        next_url=_url(request, "after", last) if has_next and last else "",
    )


def _flipped(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(row: Model, keys: Sequence[str]) -> Q:
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


def _url(request: HttpRequest, way: str, row: Model) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[way] = row.number  # type: ignore[attr-defined]
    return f"{request.path}?{query.urlencode()}"
