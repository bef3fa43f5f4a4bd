"""Who may be known already is offered before a second record is made."""

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
def test_somebody_like_this_is_offered(
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
def test_somebody_else_is_added_without_a_question(
    rita: User, nora: Customer, given: dict[str, str]
) -> None:
    assert add_customer(actor=rita, refuse_duplicates=True, **given).number != nora.number


def test_names_that_differ_in_a_figure_are_two(rita: User, office: object) -> None:
    add_customer(actor=rita, name="Customer 17850")
    assert add_customer(actor=rita, name="Customer 17851", refuse_duplicates=True)


def test_who_was_seen_and_declined_is_not_asked_about_again(rita: User, nora: Customer) -> None:
    same = {"name": "Nora Nordmann", "phone": nora.phone}
    second = add_customer(actor=rita, refuse_duplicates=True, not_these=[nora.number], **same)
    with pytest.raises(LikelyDuplicate) as told:
        add_customer(actor=rita, refuse_duplicates=True, not_these=[nora.number], **same)
    assert second in [each.customer for each in told.value.candidates]


def test_a_further_contact_counts_like_the_records_own(rita: User, nora: Customer) -> None:
    add_contact(actor=rita, customer=nora, kind=ContactKind.PHONE, value="020 7946 0777")
    (found,) = candidates(name="Ole", phone="+44 2079460777")
    assert found.customer == nora


def test_the_questions_asked_do_not_grow_with_what_is_found(
    rita: User, nora: Customer, django_assert_max_num_queries: object
) -> None:
    for _each in range(8):
        add_customer(actor=rita, name="Nora Nordmann", phone=nora.phone)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(candidates(name="Nora Nordmann", phone=nora.phone)) == 5
