"""The navigation shows each person the links that their roles open, and no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui import navigation
from officeflow.ui.context import Navigation
from officeflow.ui.navigation import NavItem, register_nav_item


@pytest.fixture(autouse=True)
def empty_registry() -> Iterator[None]:
    """The items of this test alone; the others come back afterwards."""
    items = list(navigation._items)
    navigation._items.clear()
    yield
    navigation._items[:] = items


ITEMS = tuple(navigation._items)


def test_no_two_places_share_a_key() -> None:
    keys = [item.shortcut for item in ITEMS if item.shortcut]
    assert sorted(keys) == sorted(set(keys))


def seen_by(user: User, path: str = "/") -> Navigation:
    request = RequestFactory().get(path)
    request.user = user
    return Navigation(request)


def labels(nav: Navigation) -> list[str]:
    return [str(link.label) for group in nav.groups for link in group.links]


def test_a_place_is_shown_to_those_whose_roles_open_it(rita: User, amir: User) -> None:
    register_nav_item(
        NavItem(
            area="administration", label="A", url_name="styleguide", permission=Permission.VIEW_DESK
        )
    )
    assert labels(seen_by(rita)) == ["A"]
    assert labels(seen_by(amir)) == []


def test_any_one_of_several_permissions_opens_a_place(amir: User, rita: User) -> None:
    either = (Permission.VIEW_BOOKS, Permission.VIEW_HR)
    register_nav_item(
        NavItem(area="administration", label="A", url_name="styleguide", permission=either)
    )
    assert labels(seen_by(amir)) == ["A"]
    assert labels(seen_by(rita)) == []


def test_a_place_without_an_address_is_left_out(rita: User) -> None:
    register_nav_item(NavItem(area="administration", label="A", url_name="no-such-page"))
    assert labels(seen_by(rita)) == []


def test_areas_stand_in_their_order_and_places_in_theirs(rita: User) -> None:
    register_nav_item(NavItem(area="dashboards", label="C", url_name="styleguide"))
    register_nav_item(NavItem(area="frontdesk", label="B", url_name="styleguide-lookup", order=20))
    register_nav_item(NavItem(area="frontdesk", label="A", url_name="styleguide", order=10))
    assert labels(seen_by(rita)) == ["A", "B", "C"]


def test_the_longest_address_is_the_current_place_and_gives_the_page_its_area(rita: User) -> None:
    register_nav_item(NavItem(area="frontdesk", label="A", url_name="styleguide"))
    register_nav_item(NavItem(area="backoffice", label="B", url_name="styleguide-lookup"))
    nav = seen_by(rita, "/styleguide/lookup/more/")
    current = [p.label for g in nav.groups for p in g.links if p.current]
    assert current == ["B"]
    assert nav.area == "backoffice"


def test_a_place_of_ones_own_stands_under_ones_name(rita: User) -> None:
    register_nav_item(NavItem(area="you", label="My commissions", url_name="styleguide"))
    nav = seen_by(rita)
    assert labels(nav) == []
    assert [link.label for link in nav.own_links] == ["My commissions"]


def test_a_count_of_nothing_is_not_shown(rita: User) -> None:
    register_nav_item(
        NavItem(area="administration", label="A", url_name="styleguide", count=lambda user: 0)
    )
    register_nav_item(
        NavItem(area="dashboards", label="B", url_name="styleguide", count=lambda user: 4)
    )
    counts = {p.label: p.count for g in seen_by(rita).groups for p in g.links}
    assert counts == {"A": None, "B": 4}


def test_registering_a_place_again_replaces_it(rita: User) -> None:
    register_nav_item(NavItem(area="administration", label="Old", url_name="styleguide"))
    register_nav_item(NavItem(area="administration", label="New", url_name="styleguide"))
    assert labels(seen_by(rita)) == ["New"]


def test_search_is_for_those_who_may(rita: User, nils: User) -> None:
    assert seen_by(rita).search_url == "/search/"
    assert seen_by(nils).search_url == ""


def test_an_area_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="No such area"):
        register_nav_item(NavItem(area="cellar", label="A", url_name="x"))  # type: ignore[arg-type]
