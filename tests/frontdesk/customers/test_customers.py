"""Adding and changing customers."""

from __future__ import annotations

import pytest

from frontdesk.customers.actions.customers import add_customer, change_customer
from frontdesk.customers.models import Customer
from officeflow.audit.models import AuditEntry
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_phone_numbers_are_compared_in_any_format(rita: User, office: object) -> None:
    keys = {
        add_customer(actor=rita, name="Ole", phone=phone).phone_key
        for phone in ("020 7946 0958", "+44 20 7946 0958", "(020) 79460958")
    }
    assert keys == {"+442079460958"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("02079460958", "020 7946 0958"),
        ("+4930901820", "+49 30 901820"),
        ("020 7946-0958", "020 7946-0958"),
        ("12345", "12345"),
    ],
)
def test_a_phone_of_digits_alone_is_shown_in_its_groups(
    rita: User, office: object, typed: str, shown: str
) -> None:
    assert add_customer(actor=rita, name="Ole", phone=typed).phone == shown


def test_names_are_compared_without_accents_or_case(rita: User, office: object) -> None:
    assert add_customer(actor=rita, name="  Émile   Žižka ").name_key == "emile zizka"


def test_the_audit_trail_has_changed_fields_without_values(rita: User, office: object) -> None:
    customer = add_customer(actor=rita, name="Ole", email="ole@example.org")
    entry = AuditEntry.objects.get(subject=customer.number)
    assert entry.changes == {"name": None, "email": None}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Ole", "email": "ole at example"}, "email"),
        ({"name": "Ole", "phone": "call me"}, "phone"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_bad_values_are_refused_by_field(
    rita: User, office: object, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_customer(actor=rita, **fields)
    assert refused.value.field == field
    assert not Customer.objects.exists()


def test_a_change_raises_the_version(rita: User, nora: Customer) -> None:
    changed = change_customer(actor=rita, customer=nora, version=1, phone="020 7946 0111")
    assert (changed.version, changed.phone_key) == (2, "+442079460111")
    assert changed.name == "Nora Nordmann"


def test_a_stale_form_gets_the_current_values(rita: User, ravi: User, nora: Customer) -> None:
    change_customer(actor=rita, customer=nora, version=1, name="Nora Berg")
    with pytest.raises(StaleRecord) as stale:
        change_customer(actor=ravi, customer=nora, version=1, name="Nora Lund")
    assert stale.value.theirs.name == "Nora Berg"
    nora.refresh_from_db()
    assert nora.name == "Nora Berg"
