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
