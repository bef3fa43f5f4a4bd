"""The front desk and accounting together."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest

from backoffice.accounting.models import Invoice, JournalEntry
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.reports import count_invoices
from backoffice.tickets.models import Ticket
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import BillingState
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Refund
from officeflow.catalogue.models import Product
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.permissions import Department
from officeflow.staff.models import User
from tests.accounting.conftest import balance_of, books_balance

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def order(rita: User, nora: Customer, mug: Product, postage: Product, drain: Drain) -> Order:
    """Two mugs and postage: 28.20."""
    placed = place_order(
        actor=rita,
        customer=nora,
        lines=[NewLine(product=mug, quantity=D(2)), NewLine(product=postage, quantity=D(1))],
    )
    drain()
    placed.refresh_from_db()
    return placed


def all_applied() -> bool:
    return not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()


def test_the_order_gets_the_invoice_number(order: Order) -> None:
    assert order.billing_state == BillingState.INVOICED
    assert order.invoice_number == Invoice.objects.get().number
    assert count_invoices([order.number, "SO-999999"]) == {order.number: 1}
    assert Invoice.objects.invoices().count() == 1


def test_nothing_is_owed_after_payment_cancellation_and_refund(
    order: Order, rita: User, drain: Drain
) -> None:
    take_payment(actor=rita, order=order, amount=D("28.20"), method=DefaultMethod.CARD)
    drain()
    order.refresh_from_db()
    assert order.billing_state == BillingState.PAID
    cancel_order(actor=rita, order=order, reason="changed her mind")
    drain()
    order.refresh_from_db()
    assert order.billing_state == BillingState.CREDITED
    assert order.credit_note_number.startswith("CN-")
    refund = Refund.objects.get()
    assert refund.amount == D("28.20")
    pay_refund(actor=rita, refund=refund, method=DefaultMethod.CARD)
    drain()
    assert all_applied()
    for account in AccountCode:
        assert balance_of(account) == 0
    assert JournalEntry.objects.count() == 4
    assert books_balance()


def test_concurrent_payment_and_cancellation_are_both_booked(
    order: Order, rita: User, drain: Drain
) -> None:
    take_payment(actor=rita, order=order, amount=D("10.00"), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="changed her mind")
    drain()
    assert all_applied()
    assert Refund.objects.get().amount == D("10.00")
    assert balance_of(AccountCode.RECEIVABLE) == 0


def test_a_complaint_about_billing_opens_an_accounting_ticket(
    rita: User, nora: Customer, office, drain: Drain
) -> None:
    raised = raise_complaint(
        actor=rita, customer=nora, category=ComplaintCategory.BILLING, description="Charged twice"
    )
    drain()
    ticket = Ticket.objects.get(subject=raised.number)
    assert ticket.department == Department.ACCOUNTING
    assert "Charged twice" in ticket.details
