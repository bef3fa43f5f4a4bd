"""Setting the office up, and changing its settings."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.company import zones
from officeflow.company.actions import (
    AlreadySetUp,
    OfficeSettings,
    change_office,
    set_up_office,
    settings_of,
)
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.company.zones import find_zone, region_of, search_zones
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User

LANTERN = {
    "name": "The Paper Lantern",
    "time_zone": "Europe/London",
    "currency": "GBP",
    "language": "en",
    "site_name": "Main shop",
}
PAGE = reverse("company:settings")


@pytest.mark.django_db
def test_an_office_is_set_up_once_with_its_first_site() -> None:
    office = set_up_office(actor=None, **LANTERN)
    assert (office.pk, office.main_site.code, office.is_demo) == (1, "MAIN", False)
    with pytest.raises(AlreadySetUp):
        set_up_office(actor=None, **LANTERN)


@pytest.mark.django_db
def test_every_setting_is_stored_when_the_office_is_set_up() -> None:
    wanted = OfficeSettings(
        **LANTERN,
        site_address="1 High Street",
        phone="020 7946 0000",
        email="hello@lantern.example",
        website="https://lantern.example",
        tax_number="GB 123",
        document_note="Thank you.",
        undo_seconds=3,
        second_factor_required=True,
    )
    set_up_office(actor=None, **asdict(wanted))
    assert settings_of(Office.objects.get()) == wanted


@pytest.mark.django_db
def test_get_office_returns_every_field_of_the_record() -> None:
    set_up_office(actor=None, **LANTERN)
    Office.objects.update(phone="020 7946 0000", checklist_hidden_at=timezone.now())
    read, stored = get_office(), Office.objects.get()
    for ours, theirs in ((read, stored), (read.main_site, stored.main_site)):
        assert {f.name: getattr(ours, f.attname) for f in ours._meta.concrete_fields} == {
            f.name: getattr(theirs, f.attname) for f in theirs._meta.concrete_fields
        }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("site_name", ""),
        ("name", "x" * 101),
        ("time_zone", "Europe/Atlantis"),
        ("currency", "ZZZ"),
        ("language", "tlh"),
    ],
)
def test_an_invalid_value_is_refused_with_its_field(field: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        set_up_office(actor=None, **{**LANTERN, field: value})
    assert refused.value.field == field
    assert not Office.objects.exists()


def test_a_change_raises_the_version_and_is_audited(office: Office, ada: User) -> None:
    wanted = replace(
        settings_of(office),
        name="The Glass Lantern",
        site_address="1 High Street",
        second_factor_required=True,
    )
    changed = change_office(actor=ada, version=1, wanted=wanted)
    assert (changed.name, changed.version) == ("The Glass Lantern", 2)
    assert settings_of(Office.objects.get()) == wanted
    entry = AuditEntry.objects.get(action="change_office")
    assert entry.actor_id == ada.pk
    assert entry.changes["name"] == ["The Paper Lantern", "The Glass Lantern"]


def test_saving_without_a_change_changes_nothing(office: Office, ada: User) -> None:
    assert change_office(actor=ada, version=1, wanted=settings_of(office)).version == 1
    assert not AuditEntry.objects.filter(action="change_office").exists()


def test_a_stale_version_is_not_saved(office: Office, ada: User) -> None:
    change_office(actor=ada, version=1, wanted=replace(settings_of(office), name="First"))
    with pytest.raises(StaleRecord) as stale:
        change_office(actor=ada, version=1, wanted=replace(settings_of(office), name="Second"))
    assert stale.value.theirs.name == "First"
    assert Office.objects.get().name == "First"


def form_of(office: Office, **typed: str) -> dict[str, object]:
    return {"version": office.version, **asdict(settings_of(office)), **typed}


def test_the_page_saves_and_keeps_what_was_typed_when_it_refuses(
    client: Client, office: Office, ada: User
) -> None:
    client.force_login(ada)
    assert client.get(PAGE).status_code == 200
    refused = client.post(PAGE, form_of(office, name="", site_name="Corner shop"))
    assert refused.status_code == 422
    assert b'value="Corner shop"' in refused.content
    assert client.post(PAGE, form_of(office, name="New name")).status_code == 302
    assert Office.objects.get().name == "New name"


def test_a_stale_form_shows_both_values_and_saves_on_the_second_try(
    client: Client, office: Office, ada: User
) -> None:
    client.force_login(ada)
    change_office(actor=ada, version=1, wanted=replace(settings_of(office), name="Theirs"))
    stale = client.post(PAGE, form_of(office, name="Mine"))
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert Office.objects.get().name == "Theirs"
    again = client.post(PAGE, {**form_of(office, name="Mine"), "version": 2})
    assert again.status_code == 302
    assert Office.objects.get().name == "Mine"


def test_the_currency_cannot_change_after_the_first_order(
    client: Client, office: Office, ada: User, rita: User, mug: Product
) -> None:
    wanted = replace(settings_of(office), currency="EUR")
    place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))])
    with pytest.raises(Refused) as refused:
        change_office(actor=ada, version=1, wanted=wanted)
    assert refused.value.field == "currency"
    client.force_login(ada)
    assert "orders have been placed in it" in client.get(PAGE).content.decode()


def test_prices_change_their_currency_before_the_first_order(
    office: Office, ada: User, mug: Product
) -> None:
    change_office(actor=ada, version=1, wanted=replace(settings_of(office), currency="eur"))
    mug.price_list.refresh_from_db()
    assert mug.price_list.currency == "EUR"


@pytest.mark.django_db
@pytest.mark.parametrize("website", ["www.example.com", "https://example.com/shop", ""])
def test_a_website_is_kept_as_it_was_typed(office: Office, ada: User, website: str) -> None:
    wanted = replace(settings_of(office), website=website)
    assert change_office(actor=ada, version=office.version, wanted=wanted).website == website


@pytest.mark.django_db
@pytest.mark.parametrize("website", ["our shop", "javascript:alert(1)", "ftp://example.com", "x"])
def test_another_text_is_no_website(office: Office, ada: User, website: str) -> None:
    with pytest.raises(Refused, match="web address"):
        change_office(
            actor=ada, version=office.version, wanted=replace(settings_of(office), website=website)
        )


@pytest.mark.parametrize(
    ("typed", "zone", "region"),
    [
        ("Asia/Calcutta", "Asia/Kolkata", "IN"),
        ("Kolkata", "Asia/Kolkata", "IN"),
        ("Calcutta", "Asia/Kolkata", "IN"),
        ("Saigon", "Asia/Ho_Chi_Minh", "VN"),
        ("London", "Europe/London", "GB"),
    ],
)
def test_a_zone_with_several_names_is_one_zone(typed: str, zone: str, region: str) -> None:
    assert find_zone(typed) == zone
    assert (region_of(zone), region_of(typed) or region) == (region, region)
    assert search_zones(zone.rpartition("/")[2])[0] == zone


@pytest.mark.django_db
def test_the_office_keeps_the_current_name_of_its_zone(office: Office, ada: User) -> None:
    wanted = replace(settings_of(office), time_zone="Asia/Calcutta")
    changed = change_office(actor=ada, version=office.version, wanted=wanted)
    assert changed.time_zone == "Asia/Kolkata"


def test_the_region_of_a_zone_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    region_of("Europe/London")

    def read() -> set[str]:
        raise AssertionError("hundreds of files are read for each phone number")

    monkeypatch.setattr(zones, "available_timezones", read)
    assert region_of("Europe/London") == "GB"
