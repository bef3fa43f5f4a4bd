"""Reports of the back office about orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.handoff import contracts
from officeflow.handoff.applying import apply
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.staff.models import User
from tests.frontdesk.conftest import report

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))])


def test_a_shipped_order_is_completed(order: Order) -> None:
    report(
        contracts.FulfilmentProgressed(order_number=order.number, state="shipped", at=AT),
        order.number,
    )
    order.refresh_from_db()
    assert (order.state, order.fulfilment_state) == ("completed", FulfilmentState.SHIPPED)
    assert order.periods.get(ended_at__isnull=True).state == OrderState.COMPLETED


def test_a_shipment_does_not_complete_a_cancelled_order(rita: User, order: Order) -> None:
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    report(
        contracts.FulfilmentProgressed(order_number=order.number, state="shipped", at=AT),
        order.number,
    )
    order.refresh_from_db()
    assert (order.state, order.fulfilment_state) == ("cancelled", FulfilmentState.SHIPPED)


def test_the_numbers_of_documents_are_stored(order: Order) -> None:
    for state, fields in (
        ("invoiced", {"invoice_number": "INV-2026-000001"}),
        ("paid", {}),
        ("credited", {"credit_note_number": "CN-2026-000001"}),
    ):
        report(
            contracts.BillingProgressed(order_number=order.number, state=state, at=AT, **fields),
            order.number,
        )
    order.refresh_from_db()
    assert order.billing_state == "credited"
    assert order.invoice_number == "INV-2026-000001"
    assert order.credit_note_number == "CN-2026-000001"


def test_a_report_about_an_unknown_order_is_dead(office: object) -> None:
    report(
        contracts.FulfilmentProgressed(order_number="SO-999999", state="ready", at=AT), "SO-999999"
    )
    assert Handoff.objects.get().state == HandoffState.DEAD


def test_the_states_of_many_orders_are_copied_in_as_many_statements_as_of_few(
    rita: User, mug: Product
) -> None:
    counts = []
    for many in (4, 10):
        lines = [NewLine(product=mug, quantity=Decimal(1))]
        placed = [place_order(actor=rita, customer=None, lines=lines) for _ in range(many)]
        for place, order in enumerate(placed):
            if place % 2:
                told: contracts.Contract = contracts.BillingProgressed(
                    order_number=order.number,
                    state="invoiced",
                    at=AT,
                    invoice_number=f"INV-2026-{order.pk:06d}",
                )
            else:
                told = contracts.FulfilmentProgressed(
                    order_number=order.number, state="waiting", at=AT
                )
            post(told, to=[Destination.FRONTDESK], subject=order.number, actor=None)
        Handoff.objects.update(
            posted_at=F("posted_at") - timedelta(minutes=1), due_at=Now() - timedelta(minutes=1)
        )
        with CaptureQueriesContext(connection) as queries:
            assert apply.apply_due("frontdesk") == many
        counts.append(len(queries))
        for place, order in enumerate(placed):
            before, changed = order.changed_at, Order.objects.get(pk=order.pk)
            is_billing = bool(place % 2)
            assert changed.fulfilment_state == ("none" if is_billing else "waiting")
            assert changed.billing_state == ("invoiced" if is_billing else "none")
            number = f"INV-2026-{order.pk:06d}" if is_billing else ""
            assert (changed.invoice_number, changed.version) == (number, 2)
            assert changed.changed_at > before
            action = "billing_progressed" if is_billing else "fulfilment_progressed"
            assert AuditEntry.objects.filter(subject=order.number, action=action).count() == 1
    assert counts[0] == counts[1]
