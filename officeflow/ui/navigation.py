"""The registry of items in the sidebar and the user menu.

Apps register their items in ``AppConfig.ready()``. An item is shown to people with its permission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import RequiredPermission, is_allowed

if TYPE_CHECKING:
    from officeflow.staff.models import User

Area = Literal["frontdesk", "backoffice", "dashboards", "administration", "you"]
Text = str | Promise

AREAS: tuple[Area, ...] = get_args(Area)
AREA_LABELS: dict[Area, Text] = {
    "frontdesk": _("Front desk"),
    "backoffice": _("Back office"),
    "dashboards": _("Dashboards"),
    "administration": _("Administration"),
    "you": _("You"),
}


@dataclass(frozen=True)
class NavItem:
    """An item of the sidebar or the user menu.

    ``area`` is its group; ``you`` is the menu under the person's name. ``count`` returns a number
    for the user to show beside the label (0 and None are hidden); it runs on every page, so it
    must be one indexed query. ``shortcut`` is the letter after ``g`` on the keyboard. The item is
    the current one on pages whose path begins with its URL or with one of ``prefixes``.
    """

    area: Area
    label: Text
    url_name: str
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "dot"
    permission: RequiredPermission = None
    order: int = 100
    count: Callable[[User], int | None] | None = None
    shortcut: str = ""
    prefixes: tuple[str, ...] = ()

    def url(self) -> str:
        """Returns the item's URL; empty when it does not exist."""
        return _url(self.url_name, tuple(self.url_kwargs.items()))

    @property
    def count_id(self) -> str:
        """The id of the element with the number; empty for an item that has none."""
        parts = ["count", self.url_name, *map(str, self.url_kwargs.values())]
        return "-".join(parts).replace(":", "-") if self.count else ""

    def number(self, user: User) -> int | None:
        """Returns the number beside the label; None when there is nothing to show."""
        return (self.count(user) or None) if self.count else None


@cache
def _url(name: str, arguments: tuple[tuple[str, Any], ...]) -> str:
    try:
        return reverse(name, kwargs=dict(arguments))
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, kw_only=True)
class NavAction:
    """Something to begin from every page, such as a new order.

    ``key`` is its keyboard shortcut, which a page may use for the same with more detail. A scanned
    product ``begins`` it: then its URL takes the product's code as ``product``.
    """

    label: Text
    url_name: str
    icon: str
    key: str
    permission: RequiredPermission
    order: int = 100
    begins: bool = False

    def url(self) -> str:
        """Returns the action's URL."""
        return _url(self.url_name, ())


@dataclass(frozen=True)
class NavLink:
    """An item on one page for one person. `count_id` names the element of its number in a page,
    empty for an item without one."""

    label: Text
    url: str
    icon: str
    count: int | None
    shortcut: str
    current: bool
    count_id: str = ""


@dataclass(frozen=True)
class NavGroup:
    """The links of one area."""

    area: Area
    label: Text
    links: list[NavLink]


_items: list[NavItem] = []
_actions: dict[str, NavAction] = {}


def register_nav_item(item: NavItem) -> None:
    """Registers an item. An item with the same URL in the same area is replaced."""
    if item.area not in AREAS:
        raise ValueError(f"No such area: {item.area}")
    kept = [
        other
        for other in _items
        if (other.area, other.url_name, dict(other.url_kwargs))
        != (item.area, item.url_name, dict(item.url_kwargs))
    ]
    _items[:] = sorted([*kept, item], key=lambda each: (AREAS.index(each.area), each.order))


def register_nav_action(action: NavAction) -> None:
    """Registers an action. An action with the same URL is replaced."""
    _actions[action.url_name] = action


def actions(user: Any) -> list[NavAction]:
    """Returns the actions that this person may begin, in display order."""
    mine = [each for each in _actions.values() if is_allowed(user, each.permission)]
    return sorted(mine, key=lambda each: each.order)


def groups(request: HttpRequest) -> list[NavGroup]:
    """Returns the links that this person may open, by area."""
    user: Any = getattr(request, "user", None)
    open_items = [
        (item, url) for item in _items if is_allowed(user, item.permission) and (url := item.url())
    ]
    current = _current(request.path, open_items)
    found: list[NavGroup] = []
    for area in AREAS:
        links = [
            NavLink(
                label=item.label,
                url=url,
                icon=item.icon,
                count=item.number(user),
                count_id=item.count_id,
                shortcut=item.shortcut,
                current=item is current,
            )
            for item, url in open_items
            if item.area == area
        ]
        if links:
            found.append(NavGroup(area=area, label=AREA_LABELS[area], links=links))
    return found


def counts(user: Any) -> list[tuple[str, int | None]]:
    """Returns the numbers beside the labels of this person's items, each with its element's id."""
    return [
        (item.count_id, item.number(user))
        for item in _items
        if item.count and is_allowed(user, item.permission) and item.url()
    ]


def area_of(request: HttpRequest) -> Area:
    """Returns the area of the current item; without one, the administration."""
    current = _current(request.path, [(item, item.url()) for item in _items])
    return current.area if current is not None else "administration"


def _current(path: str, items: list[tuple[NavItem, str]]) -> NavItem | None:
    best: NavItem | None = None
    length = 0
    for item, url in items:
        for start in (*item.prefixes, url):
            if start and path.startswith(start) and len(start) > length:
                best, length = item, len(start)
    return best
