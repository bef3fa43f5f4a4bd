"""Finding likely duplicates."""

from __future__ import annotations

import pytest

from frontdesk.customers.actions.contacts import add_contact
from frontdesk.customers.actions.customers import LikelyDuplicate, add_customer
from frontdesk.customers.models import ContactKind, Customer
from frontdesk.customers.queries.duplicates import candidates
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": "Somebody Else", "phone": "+44 (0)20 7946 0958"}, "same phone"),
        ({"name": "Somebody Else", "phone": "0044 20-7946-0958"}, "same phone"),
        ({"name": "Somebody Else", "email": "NORA@example.org"}, "same e-mail"),
        ({"name": "nordmann  NORA"}, "same name"),
        ({"name": "Nóra Nordmann"}, "same name"),
        ({"name": "Nora Nordman"}, "similar name"),
    ],
)
def test_likely_duplicates_are_found(
    rita: User, nora: Customer, given: dict[str, str], reason: str
) -> None:
    with pytest.raises(LikelyDuplicate) as told:
        add_customer(actor=rita, refuse_duplicates=True, **given)
    (found,) = told.value.candidates
    assert found.customer == nora
    assert [str(each) for each in found.reasons] == [reason]
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Nora Berg"},
        {"name": "Peter Lindsay", "phone": "020 7946 0959"},
        {"name": "Ole", "email": "ole@example.org"},
    ],
)
def test_a_different_customer_is_added(rita: User, nora: Customer, given: dict[str, str]) -> None:
    assert add_customer(actor=rita, refuse_duplicates=True, **given).number != nora.number


def test_names_with_different_numbers_are_not_similar(rita: User, office: object) -> None:
    add_customer(actor=rita, name="Customer 17850")
    assert add_customer(actor=rita, name="Customer 17851", refuse_duplicates=True)


def test_a_declined_duplicate_is_not_shown_again(rita: User, nora: Customer) -> None:
    same = {"name": "Nora Nordmann", "phone": nora.phone}
    second = add_customer(actor=rita, refuse_duplicates=True, declined=[nora.number], **same)
    with pytest.raises(LikelyDuplicate) as told:
        add_customer(actor=rita, refuse_duplicates=True, declined=[nora.number], **same)
    assert second in [each.customer for each in told.value.candidates]


def test_further_contacts_are_compared(rita: User, nora: Customer) -> None:
    add_contact(actor=rita, customer=nora, kind=ContactKind.PHONE, value="020 7946 0777")
    (found,) = candidates(name="Ole", phone="+44 2079460777")
    assert found.customer == nora


def test_more_duplicates_need_no_more_queries(
    rita: User, nora: Customer, django_assert_max_num_queries: object
) -> None:
    for _each in range(8):
        add_customer(actor=rita, name="Nora Nordmann", phone=nora.phone)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(candidates(name="Nora Nordmann", phone=nora.phone)) == 5
