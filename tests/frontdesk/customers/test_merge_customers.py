"""Merging two records of a customer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import InternalError, transaction

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.actions.contacts import add_contact, add_note, remove_contact
from frontdesk.customers.actions.customers import change_customer
from frontdesk.customers.actions.merge import merge_customers
from frontdesk.customers.models import (
    ContactKind,
    Customer,
    CustomerContact,
    CustomerNote,
    CustomerReference,
)
from frontdesk.customers.queries.customers import (
    customer_by_number,
    customer_named_exactly,
    search_customers,
)
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.audit.queries import entries_about
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def duplicate(office: object) -> Customer:
    """A second record of Nora."""
    return CustomerFactory(
        name="Nora Nordman",
        phone="07700 900101",
        phone_key="+447700900101",
        email="nora@example.org",
        email_key="nora@example.org",
        address="4 Mill Lane",
        wants_mail=False,
    )


def merge(actor: User, keep: Customer, other: Customer) -> Customer:
    for row in (keep, other):
        row.refresh_from_db()
    return merge_customers(
        actor=actor,
        keep=keep,
        other=other,
        keep_version=keep.version,
        other_version=other.version,
    )


def test_everything_moves_to_the_kept_record(
    rita: User, nora: Customer, duplicate: Customer, mug: Product
) -> None:
    order = place_order(
        actor=rita, customer=duplicate, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    sealed = raise_complaint(
        actor=rita, customer=duplicate, category=ComplaintCategory.CONDUCT, description="He shouted"
    )
    note = add_note(actor=rita, customer=duplicate, text="Rings in the evening")
    reference = CustomerReference.objects.create(customer=duplicate, source="shop", reference="17")
    contact = add_contact(actor=rita, customer=duplicate, kind=ContactKind.PERSON, value="Ole")
    kept = merge(rita, nora, duplicate)
    for row in (order, sealed, note, contact, reference):
        row.refresh_from_db()
        assert row.customer == kept
    duplicate.refresh_from_db()
    assert (duplicate.merged_into, duplicate.is_active) == (kept, False)
    assert not kept.wants_mail
    assert kept.address == "4 Mill Lane"
    assert list(kept.contacts.filter(kind=ContactKind.PHONE).values_list("key", flat=True)) == [
        "+447700900101"
    ]
    assert duplicate.number in CustomerNote.objects.latest("pk").text
    actions = [entry.action for entry in entries_about(duplicate.number)]
    assert actions[-1] == "merge_customers"
    assert "He shouted" not in str([entry.changes for entry in entries_about(kept.number)])


def test_the_old_number_finds_the_kept_record(
    rita: User, nora: Customer, duplicate: Customer
) -> None:
    third = CustomerFactory(name="N. Nordmann")
    merge(rita, duplicate, third)
    merge(rita, nora, duplicate)
    for old in (duplicate.number, third.number):
        assert customer_by_number(old) == nora
        assert search_customers(old) == [nora]
        assert customer_named_exactly(old) == nora


def test_a_merged_record_cannot_be_changed(rita: User, nora: Customer, duplicate: Customer) -> None:
    merge(rita, nora, duplicate)
    with pytest.raises(Conflict):
        merge(rita, duplicate, nora)
    with pytest.raises(Refused):
        change_customer(actor=rita, customer=duplicate, version=duplicate.version, is_active=True)
    with pytest.raises(Refused):
        merge(rita, nora, nora)


def test_a_record_changed_meanwhile_is_not_merged(
    rita: User, nora: Customer, duplicate: Customer
) -> None:
    change_customer(
        actor=rita, customer=duplicate, version=duplicate.version, phone="020 7946 0001"
    )
    with pytest.raises(Conflict):
        merge_customers(actor=rita, keep=nora, other=duplicate, keep_version=1, other_version=1)


def test_every_table_with_a_customer_is_merged() -> None:
    naming = {relation.related_model.__name__ for relation in Customer._meta.related_objects}
    assert naming == {
        "Order",
        "Complaint",
        "CustomerContact",
        "CustomerNote",
        "CustomerReference",
        "Customer",
    }


def test_a_note_cannot_be_changed_or_deleted(rita: User, nora: Customer) -> None:
    note = add_note(actor=rita, customer=nora, text="Prefers the morning")
    for attempt in (
        lambda: CustomerNote.objects.filter(pk=note.pk).update(text="Nothing"),
        note.delete,
    ):
        with pytest.raises(InternalError), transaction.atomic():
            attempt()
    with pytest.raises(Refused):
        add_note(actor=rita, customer=nora, text="  ")


def test_a_person_is_added_and_removed_with_their_phone(rita: User, nora: Customer) -> None:
    person = add_contact(
        actor=rita,
        customer=nora,
        kind=ContactKind.PERSON,
        value="Anna Bell",
        label="Buyer",
        phone="020 7946 0500",
        email="anna@example.org",
    )
    assert search_customers("anna bell") == [nora]
    assert search_customers("7946 0500") == [nora]
    assert CustomerContact.objects.filter(person=person).count() == 2
    remove_contact(actor=rita, contact=person)
    assert search_customers("anna bell") == []
    assert not CustomerContact.objects.filter(is_active=True).exists()
    with pytest.raises(Conflict):
        remove_contact(actor=rita, contact=person)


def test_a_repeated_contact_is_refused(rita: User, nora: Customer) -> None:
    with pytest.raises(Conflict):
        add_contact(actor=rita, customer=nora, kind=ContactKind.PHONE, value="+44 2079460958")
    with pytest.raises(Refused) as refused:
        add_contact(actor=rita, customer=nora, kind=ContactKind.EMAIL, value="nobody")
    assert refused.value.field == "value"
