"""The context processor for navigation, search and language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language, get_language_bidi

from officeflow.ui import navigation as registry
from officeflow.ui import search
from officeflow.ui.undo import current_undo


class Navigation:
    """The navigation of one page for one person; its parts are computed when they are used."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _all(self) -> list[registry.NavGroup]:
        return registry.groups(self._request)

    @cached_property
    def groups(self) -> list[registry.NavGroup]:
        """The groups of the sidebar: the areas with links for this person."""
        return [group for group in self._all if group.area != "you"]

    @cached_property
    def own_links(self) -> list[registry.NavLink]:
        """The person's own links, shown in the menu under their name."""
        return [link for group in self._all if group.area == "you" for link in group.links]

    @cached_property
    def actions(self) -> list[registry.NavAction]:
        """What the person may begin from every page."""
        return registry.actions(getattr(self._request, "user", None))

    @cached_property
    def scan_url(self) -> str:
        """The URL that says what a scanned code is; empty for a person who may not search."""
        return reverse("scan") if self.search_url else ""

    @cached_property
    def shortcuts(self) -> list[registry.NavLink]:
        """The links with a keyboard shortcut, ``g`` and a letter."""
        return [link for group in self._all for link in group.links if link.shortcut]

    @cached_property
    def keys(self) -> str:
        """What the sheet of keyboard shortcuts depends on."""
        return " ".join([self.search_url, *(link.url for link in self.shortcuts)])

    @cached_property
    def search_url(self) -> str:
        """The URL of the search; empty for a person who may not search."""
        return reverse("search") if search.providers(getattr(self._request, "user", None)) else ""

    @cached_property
    def search_placeholder(self) -> str:
        """The placeholder of the search box."""
        return search.placeholder(getattr(self._request, "user", None))

    @cached_property
    def area(self) -> str:
        """The area that the page belongs to, which determines its colour."""
        return registry.area_of(self._request)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Returns ``nav``, ``undo`` (what the person can undo now), and the page's language."""
    return {
        "nav": SimpleLazyObject(lambda: Navigation(request)),
        "undo": SimpleLazyObject(lambda: current_undo(request)),
        "page_language": get_language() or "en",
        "page_direction": "rtl" if get_language_bidi() else "ltr",
    }
