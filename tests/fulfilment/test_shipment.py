"""The states of shipments and their reports to the desk."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket, untake_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.reports import order_ticket_counts
from frontdesk.orders.actions.hand_over import hand_over_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.catalogue.models import Product
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


def order_of(ticket: Ticket) -> Order:
    deliver()
    return Order.objects.get(number=ticket.subject)


def shipment_of(ticket: Ticket) -> Shipment:
    return Shipment.objects.get(order_number=ticket.subject)


def test_a_placed_order_waits_with_its_lines(ticket: Ticket) -> None:
    shipment = shipment_of(ticket)
    assert shipment.state == ShipmentState.WAITING
    line = shipment.lines.get()
    assert (line.sku, line.quantity, line.is_goods) == ("MUG", Decimal("2.000"), True)
    assert order_of(ticket).fulfilment_state == FulfilmentState.WAITING


def test_taking_the_ticket_starts_the_shipment(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    assert shipment_of(ticket).state == ShipmentState.IN_PROGRESS
    assert order_of(ticket).fulfilment_state == FulfilmentState.IN_PROGRESS


def test_untaking_the_ticket_moves_the_shipment_to_waiting(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    untake_ticket(actor=femi, ticket=ticket)
    assert order_of(ticket).fulfilment_state == FulfilmentState.WAITING


def test_a_returned_ticket_leaves_the_shipment_in_progress(ticket: Ticket, femi: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Which?")
    assert order_of(ticket).fulfilment_state == FulfilmentState.IN_PROGRESS


def test_a_pick_up_is_ready_and_then_handed_over(ticket: Ticket, femi: User, rita: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    order = order_of(ticket)
    assert order.fulfilment_state == FulfilmentState.READY
    assert order.state == OrderState.PLACED
    hand_over_order(actor=rita, order=order)
    order = order_of(ticket)
    assert shipment_of(ticket).state == ShipmentState.HANDED_OVER
    assert order.fulfilment_state == FulfilmentState.HANDED_OVER
    assert order.state == OrderState.COMPLETED


def test_a_shipped_delivery_completes_the_order(ordered: Callable[..., Ticket], femi: User) -> None:
    ticket = ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street")
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    assert shipment_of(ticket).state == ShipmentState.SHIPPED
    order = order_of(ticket)
    assert order.fulfilment_state == FulfilmentState.SHIPPED
    assert order.state == OrderState.COMPLETED


def test_an_order_of_services_has_a_ticket(rita: User, postage: Product) -> None:
    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=postage, quantity=Decimal(1))]
    )
    deliver()
    ticket = Ticket.objects.get(subject=order.number)
    assert (ticket.title, ticket.customer_name) == ("Postage", "")
    assert not shipment_of(ticket).lines.get().is_goods
    assert order_ticket_counts([order.number, "SO-999999"]) == {order.number: 1}


def test_the_title_names_the_goods_first(
    rita: User, postage: Product, lamp: Product, mug: Product
) -> None:
    lines = [NewLine(product=p, quantity=Decimal(1)) for p in (postage, lamp, mug)]
    order = place_order(actor=rita, customer=None, lines=lines)
    deliver()
    assert Ticket.objects.get(subject=order.number).title == "Paper lamp and 2 more"


def test_a_hand_over_of_goods_that_are_not_ready_is_dead(ticket: Ticket) -> None:
    from datetime import UTC, datetime

    post(
        GoodsHandedOver(order_number=ticket.subject, handed_over_at=datetime.now(UTC)),
        to=[Destination.FULFILMENT],
        subject=ticket.subject,
        actor=None,
    )
    deliver()
    handoff = Handoff.objects.get(contract="GoodsHandedOver")
    assert handoff.state == HandoffState.DEAD
    assert "waiting" in handoff.last_error
    assert shipment_of(ticket).state == ShipmentState.WAITING
