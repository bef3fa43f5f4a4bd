"""Likely duplicates in forms, notes, contacts, the timeline and merging."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.actions.contacts import add_contact, add_note
from frontdesk.customers.models import ContactKind, Customer, CustomerContact, CustomerNote
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import take_payment
from frontdesk.timelines.customers import customer_timeline
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db

NEW = {"customer": "new", "customer_name": "Nora", "new_name": "Nora Nordman"}


def order_form(**given: str) -> dict[str, str]:
    return {
        "line-0-product": "MUG",
        "line-0-quantity": "1",
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "delivery": "pick_up",
        **given,
    }


def test_a_likely_duplicate_must_be_confirmed(desk: Client, nora: Customer) -> None:
    typed = {"name": "Nora N.", "phone": "+44 20 7946 0958", "note": "Nothing is lost"}
    told = desk.post("/desk/customers/new/", typed)
    page = told.content.decode()
    assert told.status_code == 409
    for text in (nora.number, "same phone", "Use this customer", "Nothing is lost", "no order yet"):
        assert text in page
    added = desk.post("/desk/customers/new/", {**typed, "declined": nora.number})
    assert added.status_code == 302
    assert Customer.objects.count() == 2


def test_a_form_sent_twice_adds_one_customer(desk: Client, office: object) -> None:
    typed = {"name": "Ole", "idempotency_key": "once"}
    first = desk.post("/desk/customers/new/", typed)
    assert desk.post("/desk/customers/new/", typed)["Location"] == first["Location"]
    assert Customer.objects.count() == 1


def test_a_new_customer_of_an_order_shows_likely_duplicates(
    desk: Client, nora: Customer, mug: Product
) -> None:
    url = "/desk/orders/new/"
    typed = order_form(**NEW, note="Wrap it")
    told = desk.post(url, typed)
    assert told.status_code == 422
    assert [each.number for each in told.context["form"].duplicates] == [nora.number]
    assert "Wrap it" in told.content.decode()
    assert not Order.objects.exists()
    # Together with what else is wrong, not after it.
    both = desk.post(url, {**typed, "line-0-quantity": "x", "new_phone": "no"})
    assert both.context["lines"].forms[0].errors["quantity"]
    assert both.context["form"].errors["new_phone"]
    both = desk.post(url, {**typed, "line-0-quantity": "x"})
    assert [each.number for each in both.context["form"].duplicates] == [nora.number]
    chosen = desk.post(url, {**typed, "use-customer": nora.number})
    assert chosen.context["form"]["customer"].value() == nora.number
    assert "Wrap it" in chosen.content.decode()
    placed = desk.post(url, {**typed, "declined": nora.number})
    assert placed.status_code == 302, placed.context["form"].errors
    assert Order.objects.get().customer.name == "Nora Nordman"


def test_a_new_customer_of_a_complaint_shows_likely_duplicates(
    desk: Client, nora: Customer
) -> None:
    typed = {**NEW, "category": "goods", "description": "Chipped", "severity": "normal"}
    told = desk.post("/desk/complaints/new/", typed)
    assert nora.number in told.content.decode()
    assert not Complaint.objects.exists()
    logged = desk.post("/desk/complaints/new/", {**typed, "declined": nora.number})
    assert logged.status_code == 302


def test_likely_duplicates_are_shown_while_typing(desk: Client, nora: Customer) -> None:
    url = "/desk/customers/duplicates/"
    assert nora.number in desk.post(url, {"new_phone": "020 7946 0958"}).content.decode()
    assert nora.number in desk.post(url, {"name": "nora nordmann"}).content.decode()
    declined = {"new_phone": "020 7946 0958", "declined": nora.number}
    assert nora.number not in desk.post(url, declined).content.decode()


def test_a_similar_name_is_not_chosen_by_enter(desk: Client, nora: Customer) -> None:
    url = "/desk/customers/lookup/"
    (guess, new) = desk.get(url, {"q": "nora nrodmann"}).json()["results"]
    assert (guess["id"], guess["near"], new["id"]) == (nora.number, True, "new")
    (sure,) = desk.get(url, {"q": "nora", "known": "1"}).json()["results"]
    assert not sure["near"]


def test_the_list_shows_similar_names_without_a_match(desk: Client, nora: Customer) -> None:
    page = desk.get("/desk/customers/", {"find": "Nordmnan"})
    assert page.context["similar_customers"] == [nora]
    assert "Did you mean" in page.content.decode()


def test_notes_and_contacts_keep_their_author(desk: Client, nora: Customer) -> None:
    url = f"/desk/customers/{nora.number}/"
    note = {"text": "Rings in the evening", "idempotency_key": "once"}
    desk.post(f"{url}notes/", note)
    desk.post(f"{url}notes/", note)
    assert CustomerNote.objects.count() == 1
    assert desk.post(f"{url}notes/", {"text": " "}).status_code == 422
    bad = desk.post(f"{url}contacts/", {"kind": "email", "value": "nobody"})
    assert bad.context["form"].errors["value"]
    with connection.cursor() as cursor:  # as in an office of many years
        cursor.execute("SELECT setval('frontdesk_customercontact_id_seq', 1234566)")
    person = {"kind": "person", "value": "Anna Bell", "label": "Buyer", "phone": "020 7946 0500"}
    desk.post(f"{url}contacts/", person)
    assert desk.post(f"{url}contacts/", person).status_code == 409
    page = desk.get(url).content.decode()
    for text in ("Rings in the evening", "Rita Receptionist", "Anna Bell", "020 7946 0500"):
        assert text in page
    contact = CustomerContact.objects.get(kind=ContactKind.PERSON)
    assert f'value="{contact.pk}"' in page  # without separators of thousands
    desk.post(f"{url}contacts/remove/", {"contact": contact.pk})
    assert desk.get(url).context["contacts"] == []
    assert desk.post(f"{url}contacts/remove/", {"contact": "x"}).status_code == 404


def test_a_customer_is_deactivated_and_reactivated(desk: Client, nora: Customer) -> None:
    url = f"/desk/customers/{nora.number}/active/"
    assert "Deactivate Nora Nordmann?" in desk.get(url).content.decode()
    desk.post(url, {"version": "1", "is_active": "0"})
    assert desk.post(url, {"version": "1", "is_active": "0"}).status_code == 409
    nora.refresh_from_db()
    assert not nora.is_active
    desk.post(url, {"version": "2", "is_active": "1"})
    nora.refresh_from_db()
    assert nora.is_active


def test_two_records_are_compared_and_merged(desk: Client, nora: Customer, order: Order) -> None:
    twin = CustomerFactory(name="Nora Nordman")
    url = f"/desk/customers/{twin.number}/merge/"
    assert nora.number in desk.get(url).content.decode()  # offered as alike
    page = desk.get(url, {"with": nora.number})
    assert page.context["keep"] == nora  # it has the order
    assert desk.get(url, {"with": twin.number}).status_code == 422
    sent = {"other": nora.number, "keep": nora.number, "versions": page.context["versions"]}
    assert desk.post(url, {**sent, "versions": "7.7"}).status_code == 409
    assert desk.post(url, sent)["Location"] == f"/desk/customers/{nora.number}/"
    moved = desk.get(f"/desk/customers/{twin.number}/")
    assert moved["Location"] == f"/desk/customers/{nora.number}/"
    assert f"Merged from {twin.number}" in strip_tags(desk.get(moved["Location"]).text)
    assert desk.get("/search/", {"q": twin.number})["Location"] == moved["Location"]


def test_the_timeline_shows_all_kinds_on_consecutive_pages(
    rita: User, nora: Customer, mug: Product, sealed: Complaint
) -> None:
    for each in range(4):
        order = place_order(
            actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
        )
        take_payment(actor=rita, order=order, amount=Decimal(5), method="cash")
        add_note(actor=rita, customer=nora, text=f"Note {each}")
    # All in one instant: the order within it must hold as well.
    Order.objects.update(ordered_at=order.ordered_at)
    whole = customer_timeline(nora, size=100)
    assert len(whole.items) == 13
    assert not whole.following
    pages, behind = [], ""
    while True:
        page = customer_timeline(nora, behind=behind, size=3)
        pages += page.items
        behind = page.following
        if not behind:
            break
    assert pages == whole.items
    assert len(customer_timeline(nora, tab="money").items) == 4
    assert "He shouted" not in str(whole.items)
    assert customer_timeline(nora, behind="nonsense", size=100) == whole


def test_the_page_needs_no_more_queries_for_a_longer_timeline(
    desk: Client, rita: User, nora: Customer, mug: Product
) -> None:
    def live(times: int) -> None:
        for each in range(times):
            order = place_order(
                actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
            )
            take_payment(actor=rita, order=order, amount=Decimal(5), method="cash")
            raise_complaint(
                actor=rita,
                customer=nora,
                category=ComplaintCategory.OTHER,
                description="Hm",
                order=order,
            )
            add_note(actor=rita, customer=nora, text="Hm")
            add_contact(
                actor=rita,
                customer=nora,
                kind=ContactKind.PERSON,
                value=f"P {CustomerContact.objects.count()}",
                phone=f"020 7946 0{each + 100}",
            )

    url = f"/desk/customers/{nora.number}/"
    live(1)
    with CaptureQueriesContext(connection) as few:
        page = desk.get(url)
    assert page.context["figures"].money[0].open == Decimal(7)
    live(9)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few), "\n".join(query["sql"] for query in many)
