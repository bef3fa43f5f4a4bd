"""The navigation: items by permission, order, the current item."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory

from officeflow.catalogue.models import Product
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui import navigation
from officeflow.ui.context import Navigation
from officeflow.ui.navigation import NavItem, register_nav_item


@pytest.fixture(autouse=True)
def empty_registry() -> Iterator[None]:
    """Replaces the registered items during a test."""
    items = list(navigation._items)
    navigation._items.clear()
    yield
    navigation._items[:] = items


ITEMS = tuple(navigation._items)


def test_shortcuts_are_unique() -> None:
    keys = [item.shortcut for item in ITEMS if item.shortcut]
    assert sorted(keys) == sorted(set(keys))


def seen_by(user: User, path: str = "/") -> Navigation:
    request = RequestFactory().get(path)
    request.user = user
    return Navigation(request)


def labels(nav: Navigation) -> list[str]:
    return [str(link.label) for group in nav.groups for link in group.links]


def test_an_item_is_shown_to_people_with_its_permission(rita: User, amir: User) -> None:
    register_nav_item(
        NavItem(
            area="administration", label="A", url_name="styleguide", permission=Permission.VIEW_DESK
        )
    )
    assert labels(seen_by(rita)) == ["A"]
    assert labels(seen_by(amir)) == []


def test_the_style_guide_is_opened_by_its_address_and_not_from_the_menu(
    client: Client, ada: User
) -> None:
    client.force_login(ada)
    assert "styleguide" not in [item.url_name for item in ITEMS]
    assert client.get("/styleguide/").status_code == 200


def test_any_one_of_several_permissions_shows_an_item(amir: User, rita: User) -> None:
    either = (Permission.VIEW_BOOKS, Permission.VIEW_HR)
    register_nav_item(
        NavItem(area="administration", label="A", url_name="styleguide", permission=either)
    )
    assert labels(seen_by(amir)) == ["A"]
    assert labels(seen_by(rita)) == []


def test_an_item_without_url_is_left_out(rita: User) -> None:
    register_nav_item(NavItem(area="administration", label="A", url_name="no-such-page"))
    assert labels(seen_by(rita)) == []


def test_areas_and_items_keep_their_order(rita: User) -> None:
    register_nav_item(NavItem(area="dashboards", label="C", url_name="styleguide"))
    register_nav_item(NavItem(area="frontdesk", label="B", url_name="styleguide-lookup", order=20))
    register_nav_item(NavItem(area="frontdesk", label="A", url_name="styleguide", order=10))
    assert labels(seen_by(rita)) == ["A", "B", "C"]


def test_the_item_with_the_longest_matching_path_is_current(rita: User) -> None:
    register_nav_item(NavItem(area="frontdesk", label="A", url_name="styleguide"))
    register_nav_item(NavItem(area="backoffice", label="B", url_name="styleguide-lookup"))
    nav = seen_by(rita, "/styleguide/lookup/more/")
    current = [p.label for g in nav.groups for p in g.links if p.current]
    assert current == ["B"]
    assert nav.area == "backoffice"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/administration/invite/", "People"),
        ("/administration/new-person/", "People"),
        ("/administration/new-product/", "Products"),
        ("/administration/tax/", "Administration"),
    ],
)
def test_a_page_that_adds_to_a_list_belongs_to_the_list(
    client: Client, ada: User, mug: Product, path: str, label: str
) -> None:
    navigation._items[:] = ITEMS
    client.force_login(ada)
    groups = client.get(path).context["nav"].groups
    assert [link.label for group in groups for link in group.links if link.current] == [label]


def test_own_items_are_in_the_user_menu(rita: User) -> None:
    register_nav_item(NavItem(area="you", label="My commissions", url_name="styleguide"))
    nav = seen_by(rita)
    assert labels(nav) == []
    assert [link.label for link in nav.own_links] == ["My commissions"]


def test_a_count_of_zero_is_hidden(rita: User) -> None:
    register_nav_item(
        NavItem(area="administration", label="A", url_name="styleguide", count=lambda user: 0)
    )
    register_nav_item(
        NavItem(area="dashboards", label="B", url_name="styleguide", count=lambda user: 4)
    )
    counts = {p.label: p.count for g in seen_by(rita).groups for p in g.links}
    assert counts == {"A": None, "B": 4}


def test_registering_an_item_again_replaces_it(rita: User) -> None:
    register_nav_item(NavItem(area="administration", label="Old", url_name="styleguide"))
    register_nav_item(NavItem(area="administration", label="New", url_name="styleguide"))
    assert labels(seen_by(rita)) == ["New"]


def test_the_search_needs_a_permission(rita: User, nils: User) -> None:
    assert seen_by(rita).search_url == "/search/"
    assert seen_by(nils).search_url == ""


def test_an_area_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="No such area"):
        register_nav_item(NavItem(area="cellar", label="A", url_name="x"))  # type: ignore[arg-type]
