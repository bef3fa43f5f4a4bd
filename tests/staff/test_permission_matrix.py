"""Which role may open which URL: every URL is requested by a person of each role.

The table is in `tests/staff/addresses/`, by area. A URL that is not in it fails
`test_every_url_is_in_the_table`.
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
from tests.staff.addresses.row import Access, UrlRule
from tests.staff.sample_records import SampleRecords, build

TABLE = [*administration.ADDRESSES, *desk.ADDRESSES, *backoffice.ADDRESSES, *api.ADDRESSES]
# Open without sign-in.
WITHOUT_SIGN_IN = {"staff:sign-in", "staff:sign-out", "api:sign-in", "set-up", "zones"} | {
    "staff:accept",
    "staff:forgotten",
    "staff:reset",
}
# An allowed request may be answered with an error about its body, but with none of these.
REFUSED = {401, 403, 404, 405, 500}


def addresses(patterns: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Yields the names of all URLs outside Django's admin."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if inner[:1] != ("admin",):
                yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and not str(pattern.pattern).startswith("admin/"):
            yield ":".join([*spaces, pattern.name or str(pattern.pattern)])


def request_url(client: Client, row: UrlRule, records: SampleRecords) -> tuple[Access, int]:
    """Requests the URL and returns the access and the status."""
    url = reverse(row.name, kwargs=row.kwargs(records))
    if row.is_post:
        answer = client.post(url, {}, content_type="application/json")
    else:
        answer = client.get(url)
    status = answer.status_code
    if status == row.allowed_status:
        return Access.ALLOWED, status
    if status == 401 or (
        status == 302 and answer.headers["Location"].startswith(reverse("staff:sign-in"))
    ):
        return Access.SIGN_IN, status
    if status == 403:
        return Access.FORBIDDEN, status
    if status == 404:
        return Access.HIDDEN, status
    assert status not in REFUSED, f"{url}: {status}"
    return Access.ALLOWED, status


def wrong_answers(
    client: Client, records: SampleRecords, expected: Callable[[UrlRule], Access]
) -> list[str]:
    wrong = []
    for row in TABLE:
        answer, status = request_url(client, row, records)
        if answer != expected(row):
            where = f"{row.name} {row.kwargs(records) or ''}"
            wrong.append(f"{where}: {answer.value} ({status}), not {expected(row).value}")
    return wrong


@pytest.fixture
def records(office: Office, nora: Customer, mug: Product, blank_pages: None) -> SampleRecords:
    return build(nora, mug)


def test_every_url_is_in_the_table() -> None:
    known = {row.name for row in TABLE} | WITHOUT_SIGN_IN
    assert set(addresses(get_resolver().url_patterns)) == known


@pytest.mark.parametrize("role", Role)
def test_a_role_may_open_what_the_table_says(
    role: Role, client: Client, records: SampleRecords
) -> None:
    client.force_login(employ(OF_ROLE[role]))
    assert wrong_answers(client, records, lambda row: row.expected(role)) == []


def test_a_person_without_a_role_may_open_only_what_the_table_says(
    client: Client, records: SampleRecords
) -> None:
    client.force_login(employ("nils"))
    assert wrong_answers(client, records, lambda row: row.expected(None)) == []


def test_pages_without_sign_in_redirect_to_it(client: Client, records: SampleRecords) -> None:
    assert wrong_answers(client, records, lambda row: row.without_sign_in) == []


@pytest.mark.parametrize("role", Role)
def test_a_refusal_is_a_page_with_the_navigation_of_the_role(
    role: Role, client: Client, office: Office
) -> None:
    client.force_login(employ(OF_ROLE[role]))
    is_at_the_desk = role in (Role.RECEPTIONIST, Role.MANAGER)
    refused = reverse("frontdesk:methods" if is_at_the_desk else "frontdesk:counter")
    for address, status in ((refused, 403), ("/nowhere/at-all/", 404)):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert 'id="sidebar"' in answer.text


@pytest.mark.parametrize("role", Role)
def test_no_role_may_open_the_technical_admin(role: Role, client: Client, office: Office) -> None:
    client.force_login(employ(OF_ROLE[role]))
    answer = client.get(reverse("admin:index"))
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_the_technical_admin_has_no_business_records() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown <= {"auth", "axes", "knox", "sites"}
