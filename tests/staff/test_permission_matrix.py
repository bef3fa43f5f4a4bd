"""Who gets in where: every address, tried by a person of each role.

The table stands in `tests/staff/addresses/`, area by area. An address that is not in it fails
`test_every_address_is_in_the_table`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from frontdesk.customers.models import Customer
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.permissions import Role
from tests.people import OF_ROLE, employ
from tests.staff.addresses import administration, api, backoffice, desk
from tests.staff.addresses.row import Answer, Row
from tests.staff.world import World, build

TABLE = [*administration.ADDRESSES, *desk.ADDRESSES, *backoffice.ADDRESSES, *api.ADDRESSES]
# Open to strangers, because one signs in there.
OPEN_TO_ALL = {"staff:sign-in", "staff:sign-out", "api:sign-in", "set-up", "zones"} | {
    "staff:accept",
    "staff:forgotten",
    "staff:reset",
}
# Being let in may end in words about what was sent, but never in one of these.
TURNED_AWAY = {401, 403, 404, 405, 500}


def addresses(patterns: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses outside Django's admin."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if inner[:1] != ("admin",):
                yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or str(pattern.pattern)])


def knock(client: Client, row: Row, world: World) -> tuple[Answer, int]:
    """Tries the address and says what came of it."""
    url = reverse(row.name, kwargs=row.kwargs(world))
    if row.is_post:
        answer = client.post(url, {}, content_type="application/json")
    else:
        answer = client.get(url)
    status = answer.status_code
    if status == row.in_status:
        return Answer.IN, status
    if status == 401 or (
        status == 302 and answer.headers["Location"].startswith(reverse("staff:sign-in"))
    ):
        return Answer.SIGN_IN, status
    if status == 403:
        return Answer.FORBIDDEN, status
    if status == 404:
        return Answer.HIDDEN, status
    assert status not in TURNED_AWAY, f"{url}: {status}"
    return Answer.IN, status


def wrong_answers(client: Client, world: World, expected: Callable[[Row], Answer]) -> list[str]:
    wrong = []
    for row in TABLE:
        answer, status = knock(client, row, world)
        if answer != expected(row):
            where = f"{row.name} {row.kwargs(world) or ''}"
            wrong.append(f"{where}: {answer.value} ({status}), not {expected(row).value}")
    return wrong


@pytest.fixture
def world(office: Office, nora: Customer, mug: Product) -> World:
    return build(nora, mug)


def test_every_address_is_in_the_table() -> None:
    known = {row.name for row in TABLE} | OPEN_TO_ALL
    assert set(addresses(get_resolver().url_patterns)) == known


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_in_where_the_table_says(role: Role, client: Client, world: World) -> None:
    client.force_login(employ(OF_ROLE[role]))
    assert wrong_answers(client, world, lambda row: row.expected(role)) == []


def test_somebody_without_a_role_gets_in_nowhere_else(client: Client, world: World) -> None:
    client.force_login(employ("nils"))
    assert wrong_answers(client, world, lambda row: row.expected(None)) == []


def test_a_stranger_is_asked_to_sign_in_everywhere(client: Client, world: World) -> None:
    assert wrong_answers(client, world, lambda row: row.stranger) == []


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_the_technical_admin(role: Role, client: Client, office: Office) -> None:
    client.force_login(employ(OF_ROLE[role]))
    answer = client.get(reverse("admin:index"))
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_the_technical_admin_shows_nothing_of_either_side_or_of_hand_offs() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown <= {"auth", "axes", "knox", "sites"}
