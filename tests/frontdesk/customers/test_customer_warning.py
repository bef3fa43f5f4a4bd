"""The standing note and the balances of a customer, seen while the desk sells to them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from django.test import Client

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import take_payment
from officeflow.staff.models import User
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wary(nora: Customer) -> Customer:
    """Nora, who pays in cash only."""
    nora.note = "Cash only!"
    nora.save()
    return nora


def test_a_customer_without_note_and_balance_has_no_warning(nora: Customer) -> None:
    assert customer_warning(nora) is None
    assert customer_warning(None) is None


def test_the_warning_takes_one_query(
    wary: Customer, order: Order, django_assert_num_queries: Callable[..., object]
) -> None:
    merged = CustomerFactory(merged_into=wary, is_active=False, note="An old note")
    Order.objects.filter(pk=order.pk).update(customer=merged)
    with django_assert_num_queries(1):
        warning = customer_warning(wary)
    assert warning
    assert warning.note == "Cash only!"
    of_merged = customer_warning(merged)
    assert of_merged
    assert (of_merged.note, of_merged.balances) == (warning.note, warning.balances)
    assert [(each.currency, each.to_pay) for each in warning.balances] == [("GBP", D(24))]


def test_money_of_a_cancelled_order_is_to_be_given_back(
    rita: User, nora: Customer, order: Order
) -> None:
    take_payment(actor=rita, order=order, amount=D(10), method="cash")
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    warning = customer_warning(nora)
    assert warning
    (balance,) = warning.balances
    assert (balance.to_pay, balance.to_give_back) == (D(0), D(10))


def test_pages_about_a_customer_show_the_note(
    desk: Client, wary: Customer, order: Order, complaint: Complaint
) -> None:
    for address in (
        f"/desk/orders/{order.number}/",
        f"/desk/orders/{order.number}/pay/",
        f"/desk/complaints/{complaint.number}/",
        f"/desk/orders/new/?customer={wary.number}",
        f"/desk/customers/warning/?customer={wary.number}",
    ):
        text = desk.get(address).content.decode()
        assert "Cash only!" in text, address
        assert "£24.00 still to pay" in text, address
    assert desk.get("/desk/customers/warning/?customer=").content.decode().strip() == ""


def test_a_form_that_was_refused_still_shows_the_note(desk: Client, wary: Customer) -> None:
    data = {"customer": wary.number, "customer_name": wary.name, "line-TOTAL_FORMS": "0"}
    assert "Cash only!" in desk.post("/desk/orders/new/", data).content.decode()


def test_a_form_shows_the_number_and_phone_of_the_chosen_customer(
    desk: Client, nora: Customer
) -> None:
    Customer.objects.filter(pk=nora.pk).update(phone="020 7946 0042")
    for address in ("orders/new/", "complaints/new/", "customers/warning/"):
        text = desk.get(f"/desk/{address}?customer={nora.number}").content.decode()
        assert f'<span class="ref">{nora.number}</span> · 020 7946 0042' in text, address
