"""Phone numbers are found after the office moved to another country."""

from __future__ import annotations

from dataclasses import replace

import pytest

from frontdesk.customers.actions.contacts import add_contact
from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import ContactKind, Customer
from frontdesk.customers.queries.duplicates import candidates
from officeflow.company.actions import change_office, settings_of
from officeflow.company.models import Office
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_every_phone_key_follows_the_country(office: Office, ada: User, rita: User) -> None:
    nora = add_customer(actor=rita, name="Nora", phone="020 7946 0018")
    for value in ("0151 23456789", "+49 30 901820"):
        add_contact(actor=rita, customer=nora, kind=ContactKind.PHONE, value=value)
    wanted = replace(settings_of(office), time_zone="Europe/Berlin")
    change_office(actor=ada, version=office.version, wanted=wanted)
    nora = Customer.objects.get()
    assert nora.phone_key == "+492079460018"
    assert sorted(each.key for each in nora.contacts.all()) == ["+4915123456789", "+4930901820"]
    assert candidates(name="", phone="+49 151 23456789", email="")


def test_contacts_may_swap_their_keys_or_become_the_same(
    office: Office, ada: User, rita: User
) -> None:
    nora = add_customer(actor=rita, name="Nora")
    for value in ("020 7946 0958", "+49 20 79460958", "+1 202 555 0123"):
        add_contact(actor=rita, customer=nora, kind=ContactKind.PHONE, value=value)
    london, berlin = office.time_zone, "Europe/Berlin"
    for zone in (berlin, london, berlin):
        office.refresh_from_db()
        wanted = replace(settings_of(office), time_zone=zone)
        change_office(actor=ada, version=office.version, wanted=wanted)
        keys = [each.key for each in nora.contacts.order_by("pk")]
        assert len(set(keys)) == 3
        assert keys[0].startswith("+4420" if zone == london else "+4920")
