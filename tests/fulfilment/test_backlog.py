"""Orders that fulfilment receives several at a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from backoffice.fulfilment.models import Shipment
from backoffice.tickets.due_times import closing_time
from backoffice.tickets.models import Ticket, TicketPeriod
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.handoff.applying import apply
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def backlog(rita: User, nora: Customer, mug: Product) -> list[Order]:
    """Three orders of one, two and three mugs whose hand-offs wait."""
    day = timezone.now().date() + timedelta(days=3)
    orders = [
        place_order(
            actor=rita,
            customer=nora,
            lines=[NewLine(product=mug, quantity=Decimal(pieces))] * pieces,
            wanted_by_date=day if pieces == 2 else None,
        )
        for pieces in (1, 2, 3)
    ]
    Handoff.objects.update(
        posted_at=F("posted_at") - timedelta(minutes=1), due_at=Now() - timedelta(minutes=1)
    )
    return orders


def test_each_order_has_its_own_ticket_lines_and_due_time(backlog: list[Order]) -> None:
    assert apply.apply_due("fulfilment") == 3
    for pieces, order in enumerate(backlog, start=1):
        shipment = Shipment.objects.get(order_number=order.number)
        quantities = list(shipment.lines.values_list("position", "quantity"))
        assert quantities == [(place, Decimal(pieces)) for place in range(1, pieces + 1)]
        ticket = shipment.ticket
        assert (ticket.subject, ticket.handoff.subject) == (order.number, order.number)
        assert ticket.is_promised == (pieces == 2)
        if order.wanted_by_date:
            assert ticket.due_at == closing_time(order.wanted_by_date)
        assert TicketPeriod.objects.get(ticket=ticket).state == "waiting"
    assert len({ticket.number for ticket in Ticket.objects.all()}) == 3


def test_each_order_is_audited_and_reported_to_the_desk(backlog: list[Order]) -> None:
    apply.apply_due("fulfilment")
    deliver()
    for order in backlog:
        order.refresh_from_db()
        assert order.fulfilment_state == FulfilmentState.WAITING
        number = Ticket.objects.get(subject=order.number).number
        assert AuditEntry.objects.filter(subject=number, action="open_ticket").count() == 1
        assert AuditEntry.objects.filter(subject=order.number, action="progress_shipment").exists()


def test_an_order_that_cannot_be_opened_does_not_stop_the_others(backlog: list[Order]) -> None:
    wrong = Handoff.objects.get(destination="fulfilment", subject=backlog[1].number)
    wrong.payload["site_code"] = "MOON"
    wrong.save(update_fields=["payload"])
    assert apply.apply_due("fulfilment") == 2
    wrong.refresh_from_db()
    assert (wrong.state, "no site" in wrong.last_error) == (HandoffState.DEAD, True)
    opened = set(Ticket.objects.values_list("subject", flat=True))
    assert opened == {backlog[0].number, backlog[2].number}
    assert Shipment.objects.count() == 2
