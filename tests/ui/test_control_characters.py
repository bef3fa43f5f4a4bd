"""Control characters are refused in every part of a request, at every URL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from frontdesk.customers.models import Customer
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import add_person
from officeflow.staff.models import User
from tests.people import PASSWORD, employ
from tests.staff.sample_records import build
from tests.staff.test_permission_matrix import TABLE

BACKEND = "django.contrib.auth.backends.ModelBackend"
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")
SOUND = {"int": "1", "uuid": "7f3c1c5e-0a4b-4a3e-8f61-3f2a3d9b7c10"}


def routes(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Yields the URL pattern of every page and endpoint."""
    for each in patterns:
        route = str(each.pattern)
        if isinstance(each.pattern, RegexPattern):
            route = route.replace("^", "").replace("$", "").replace("\\", "")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + route)
        elif isinstance(each, URLPattern):
            yield before + route


def filled(route: str) -> str:
    """Returns a URL pattern with a valid value for each remaining argument."""
    return ARGUMENT.sub(lambda found: SOUND.get(found[1] or "", "x"), route)


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


@pytest.fixture
def everybody(office: Office) -> User:
    """Returns a person with every role who may open the technical admin."""
    person = add_person(
        actor=None,
        username="eve",
        full_name="Eve Everything",
        password=PASSWORD,
        roles=list(Role),
        email="eve@example.org",
    )
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    person.refresh_from_db()
    return person


@pytest.fixture
def browser(everybody: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(everybody, backend=BACKEND)
    return client


def test_no_url_fails_on_a_null_character(
    browser: Client, everybody: User, bare_error_pages: None
) -> None:
    wrong = []
    for route in ROUTES:
        odd = [
            filled(f"{route[: each.start()]}%00{route[each.end() :]}")
            for each in ARGUMENT.finditer(route)
        ]
        sound = filled(route)
        for address in (*odd, f"{sound}?q=%00", f"{sound}?%00=q"):
            for method in ("get", "post"):
                status = getattr(browser, method)(address).status_code
                if status != 400:
                    wrong.append(f"{method} {address}: {status}")
    assert wrong == []


def test_no_url_fails_on_a_null_character_in_a_form_or_body(
    everybody: User, nora: Customer, mug: Product, bare_error_pages: None
) -> None:
    world = build(nora, mug)
    pages, api = (Client(raise_request_exception=False) for _ in range(2))
    # A form is checked before the permission, and the menu of a person without roles is short.
    pages.force_login(employ("nils"), backend=BACKEND)
    wrong = []
    for row in TABLE:
        address = reverse(row.name, kwargs=row.kwargs(world))
        is_api = address.startswith("/api/")
        if is_api:  # some endpoints end the session
            api.force_login(everybody, backend=BACKEND)
        for data in ({"x": "\0"}, {"\0": "x"}):
            status = (
                api.post(address, json.dumps(data), content_type="application/json")
                if is_api
                else pages.post(address, data)
            ).status_code
            # The API looks at a body after the method, the person and its type; what a form
            # has is cleaned, and the names of its fields are not.
            if status >= 500 or (status != 400 and not is_api and "\0" in data):
                wrong.append(f"{address} {data}: {status}")
    assert wrong == []


@pytest.mark.parametrize("character", ["\0", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\x7f"])
def test_other_control_characters_are_refused_too(browser: Client, character: str) -> None:
    assert browser.get(f"/desk/?q=a{quote(character)}").status_code == 400
    answer = browser.get(f"/desk/a{quote(character)}/")
    assert answer.status_code == 400
    assert "control character" in answer.content.decode()


def test_what_is_pasted_into_a_form_loses_them_and_nothing_else(browser: Client) -> None:
    pasted = {"name": "Ana\x1f Lía\0", "note": "One\x0btwo\x0cthree\x7f"}
    assert browser.post("/desk/customers/new/", pasted).status_code == 302
    ana = Customer.objects.get()
    assert (ana.name, ana.note) == ("Ana Lía", "One\ntwo\nthree")


def test_tabs_and_line_ends_are_accepted(browser: Client) -> None:
    note = {"name": "Ana\tLía", "note": "One\r\ntwo\nthree 😀 é ü 中"}
    assert browser.post("/desk/customers/new/", note).status_code == 302


@pytest.mark.parametrize("name", ["Authorization", "If-None-Match", "Idempotency-Key"])
def test_headers_are_checked(browser: Client, name: str) -> None:
    answer = browser.get("/api/v1/orders/", headers={name: "Token a\0"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "control character" in answer.json()["detail"]


def test_cookies_are_checked(client: Client, office: Office) -> None:
    client.cookies.load('sessionid="abcdefgh\\000abcdefgh"')
    assert client.get("/").status_code == 400


def test_a_queue_inside_an_address_is_read_without_them(browser: Client, office: Office) -> None:
    for inside in ("view=%00", "text=%00"):
        address = f"/office/tickets/TK-000001/next/?queue={quote(inside)}"
        assert browser.get(address).status_code in (302, 404)


def test_a_reset_link_with_a_null_character_is_refused(client: Client, office: Office) -> None:
    assert client.get(reverse("staff:reset", args=["YQBi", "a-b"])).status_code < 500
