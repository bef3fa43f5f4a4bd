"""The set-up page and its token."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from officeflow.administration import set_up_defaults
from officeflow.administration.actions import issue_set_up_token
from officeflow.administration.models import SetUpToken
from officeflow.catalogue.actions import main_price_list
from officeflow.catalogue.models import TaxRate
from officeflow.company.actions import hours_of_week
from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.models import User
from officeflow.staff.tokens import hash_of

pytestmark = pytest.mark.django_db
TOKEN = "k" * 43
SET_UP_URL = reverse("set-up", args=[TOKEN])

TYPED = {
    "full_name": "Olga Owner",
    "username": "olga",
    "password": "paper lantern at dusk",
    "password_again": "paper lantern at dusk",
    "own_email": "olga@example.org",
    "roles": ["manager"],
    "name": "The Glass Lantern",
    "site_address": "1 High Street",
    "phone": "020 7946 0000",
    "email": "",
    "time_zone": "nairobi",
    "currency": "KES",
    "language": "en-ke",
    "tax_number": "P051",
    "prices_include_tax": "0",
    "rates-TOTAL_FORMS": "3",
    "rates-INITIAL_FORMS": "0",
    "rates-0-name": "Standard",
    "rates-0-percent": "16",
    "rates-1-name": "",
    "rates-1-percent": "",
    "rates-2-name": "None",
    "rates-2-percent": "0",
    "monday_opens_1": "09:00",
    "monday_closes_1": "12:30",
    "monday_opens_2": "13:30",
    "monday_closes_2": "00:00",
}


@pytest.fixture
def set_up_token() -> SetUpToken:
    found = issue_set_up_token(token=TOKEN)
    assert found is not None
    return found


def test_before_set_up_every_page_answers_503(client: Client) -> None:
    for path in ("/", "/sign-in/", "/desk/", "/admin/"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "not set up yet" in answer.content.decode()
    problem = client.get("/api/v1/orders/")
    assert (problem.status_code, problem.json()["status"]) == (503, 503)


def test_only_the_hash_of_the_token_is_stored(set_up_token: SetUpToken) -> None:
    assert set_up_token.token_hash == hash_of(TOKEN)
    assert TOKEN not in str(SetUpToken.objects.values().get())


def test_the_owner_sets_up_the_office_and_is_signed_in(
    client: Client, set_up_token: SetUpToken
) -> None:
    page = client.get(SET_UP_URL)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post(SET_UP_URL, TYPED)
    assert answer.headers["Location"] == reverse("administration:index")
    office, olga = Office.objects.get(), User.objects.get()
    assert (office.name, office.time_zone, office.currency) == (
        "The Glass Lantern",
        "Africa/Nairobi",
        "KES",
    )
    assert (office.phone, office.tax_number, office.main_site.address) == (
        "020 7946 0000",
        "P051",
        "1 High Street",
    )
    assert olga.roles == {Role.ADMINISTRATOR, Role.MANAGER}
    assert client.session["_auth_user_id"] == str(olga.pk)
    rates = {rate.name: (rate.rate, rate.is_standard) for rate in TaxRate.objects.all()}
    assert rates == {"Standard": (Decimal("0.16"), True), "None": (Decimal(0), False)}
    assert not main_price_list().includes_tax
    assert [str(each) for each in hours_of_week()] == ["0 09:00-12:30", "0 13:30-00:00"]
    # The token works once.
    again = Client().post(SET_UP_URL, {**TYPED, "username": "other"})
    assert again.status_code == 410
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "12345"),
        ("password_again", "something else"),
        ("username", "a b"),
        ("full_name", " "),
        ("name", ""),
        ("time_zone", "Atlantis"),
        ("email", "nowhere"),
        ("rates-0-percent", "120"),
        ("rates-2-name", ""),
        ("monday_closes_1", "08:00"),
        ("monday_opens_2", "12:00"),
        ("tuesday_opens_1", "09:00"),
    ],
)
def test_an_invalid_value_shows_an_error_and_nothing_is_saved(
    client: Client, set_up_token: SetUpToken, field: str, value: str
) -> None:
    answer = client.post(SET_UP_URL, {**TYPED, field: value})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'class="error-summary"' in text
    assert 'value="nairobi"' in text or field == "time_zone"
    assert not Office.objects.exists()
    assert not User.objects.exists()
    assert client.post(SET_UP_URL, TYPED).status_code == 302


def test_all_errors_are_shown_at_once_in_the_order_of_the_page(
    client: Client, set_up_token: SetUpToken
) -> None:
    faulty = {"name": "", "username": "olga o", "password": "12345", "rates-0-percent": "twenty"}
    answer = client.post(SET_UP_URL, {**TYPED, **faulty})
    wrong = answer.context["form"].errors
    assert set(wrong) == {"username", "password", "password_again", "name"}
    # In the order of the page: the owner, the office, the rates.
    summary = re.findall(r'href="#(id_[^"]+)"', answer.text)
    places = [summary.index(each) for each in ("id_username", "id_name", "id_rates-0-percent")]
    assert places == sorted(places)
    assert answer.context["rates"].forms[0].errors["percent"]


def test_one_tax_rate_is_required(client: Client, set_up_token: SetUpToken) -> None:
    none = {name: "" for name in TYPED if name.startswith("rates-") and name[6].isdigit()}
    answer = client.post(SET_UP_URL, {**TYPED, **none})
    assert answer.context["rates"].errors[0].keys() == {"name", "percent"}
    assert not Office.objects.exists()


def test_wrong_expired_and_replaced_tokens_are_refused(
    client: Client, set_up_token: SetUpToken
) -> None:
    assert client.get(reverse("set-up", args=["x" * 43])).status_code == 404
    SetUpToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(SET_UP_URL).status_code == 404
    issue_set_up_token(token=TOKEN)
    assert client.get(SET_UP_URL).status_code == 200
    issue_set_up_token(token="n" * 43)
    assert client.post(SET_UP_URL, TYPED).status_code == 404


def test_many_wrong_tokens_are_rate_limited(client: Client, set_up_token: SetUpToken) -> None:
    for _try in range(20):
        client.get(reverse("set-up", args=["x"]))
    assert client.get(SET_UP_URL).status_code == 429
    assert client.get(SET_UP_URL, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_no_token_is_issued_for_an_office_that_is_set_up(office: Office, client: Client) -> None:
    assert issue_set_up_token(token=TOKEN) is None
    assert client.get(SET_UP_URL).status_code == 410
    with pytest.raises(CommandError, match="already"):
        call_command("owner_address")


def test_time_zones_are_found_by_city(client: Client) -> None:
    found = client.get(reverse("zones"), {"q": "new y"}).json()["results"]
    assert found[0] == {"id": "America/New_York", "label": "America/New York"}
    assert client.get(reverse("zones"), {"q": ""}).json() == {"results": []}


def test_the_command_prints_an_address(client: Client, capsys: pytest.CaptureFixture) -> None:
    call_command("owner_address", address="https://office.example/")
    address = capsys.readouterr().out.strip()
    assert address.startswith("https://office.example/set-up/")
    assert client.get(address.removeprefix("https://office.example")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_set_ups_create_one_office_with_one_owner() -> None:
    assert issue_set_up_token(token=TOKEN) is not None
    start, answers = Barrier(2), []

    def enter(username: str) -> None:
        try:
            owner = Client()
            start.wait(timeout=10)
            answers.append(owner.post(SET_UP_URL, {**TYPED, "username": username}))
        finally:
            connections.close_all()

    owners = [Thread(target=enter, args=[username]) for username in ("olga", "otto")]
    for owner in owners:
        owner.start()
    for owner in owners:
        owner.join(timeout=30)
    assert sorted(answer.status_code for answer in answers) == [302, 410]
    assert Office.objects.count() == User.objects.count() == 1
    # The second owner is not signed in and has changed nothing.
    late = next(answer for answer in answers if answer.status_code == 410)
    assert "sessionid" not in late.cookies
    assert TaxRate.objects.count() == 2


@pytest.mark.parametrize(
    ("asked", "language", "currency"),
    [
        ("fr-FR,fr;q=0.9", "en-fr", "EUR"),
        ("en-IE", "en-ie", "EUR"),
        ("en-US", "en", "USD"),
        ("cs", "en-cz", "CZK"),
        ("vi-VN", "en-gb", "VND"),
        ("xx", "en-gb", "EUR"),
    ],
)
def test_the_browsers_region_sets_language_and_currency(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, asked: str, language: str, currency: str
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    proposed = set_up_defaults.for_office(rf.get("/", headers={"accept-language": asked}))
    assert (proposed["language"], proposed["currency"]) == (language, currency)


def test_without_a_region_the_machines_time_zone_sets_it(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Africa/Nairobi")
    proposed = set_up_defaults.for_office(rf.get("/", headers={"accept-language": "en"}))
    assert (proposed["language"], proposed["currency"]) == ("en-ke", "KES")
