"""Asking fulfilment for a rush, which accepts or refuses it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from backoffice.fulfilment.actions import RushClosed, answer_rush
from backoffice.tickets.actions import complete_ticket, set_priority, take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Order, Rush
from officeflow.catalogue.models import Product
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
REASON = "The customer’s train leaves at four."


@pytest.fixture
def order(rita: User, mug: Product, drain: Drain) -> Order:
    """An order that fulfilment has."""
    placed = place_order(
        actor=rita, customer=None, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    drain()
    return Order.objects.get(pk=placed.pk)


def ticket_of(order: Order) -> Ticket:
    return Ticket.objects.get(subject=order.number, kind="order")


def ask(rita: User, order: Order, drain: Drain) -> Ticket:
    ask_for_rush(actor=rita, order=order, reason=REASON)
    drain()
    return ticket_of(order)


def test_a_rush_raises_the_ticket_with_its_reason_and_promises_nothing(
    order: Order, rita: User, femi: User, drain: Drain, client: Client
) -> None:
    ticket = ask(rita, order, drain)
    assert ticket.priority == "high"
    change = ticket.priority_changes.get()
    assert (change.requested_by_name, change.reason) == ("Rita Receptionist", REASON)
    client.force_login(rita)
    page = client.get(f"/desk/orders/{order.number}/").text
    assert "Fulfilment has not answered yet" in page
    client.force_login(femi)
    page = client.get(f"/office/tickets/{ticket.number}/").text
    assert "Rita Receptionist asks for a rush" in page
    assert "Rita Receptionist at the front desk asked for a rush" in page


@pytest.mark.parametrize("accepts", [True, False])
def test_the_desk_sees_the_answer(
    order: Order, rita: User, femi: User, drain: Drain, client: Client, accepts: bool
) -> None:
    ticket = ask(rita, order, drain)
    client.force_login(femi)
    if accepts:
        client.post(f"/office/fulfilment/rush/{ticket.number}/accept/")
    else:
        with pytest.raises(Refused):
            answer_rush(actor=femi, ticket=ticket, accepts=False)
        client.post(f"/office/fulfilment/rush/{ticket.number}/refuse/", {"reason": "No mugs."})
    drain()
    rush = Rush.objects.get()
    assert (rush.is_accepted, rush.answered_by_name) == (accepts, "Femi Fulfilment")
    client.force_login(rita)
    page = client.get(f"/desk/orders/{order.number}/").text
    assert ("Rush accepted" if accepts else "Rush refused") in page
    assert accepts or "No mugs." in page
    with pytest.raises(RushClosed):
        answer_rush(actor=femi, ticket=ticket, accepts=True)


@pytest.mark.parametrize("accepts", [True, False])
def test_the_ticket_tells_the_answer_and_a_refused_rush_no_longer_comes_first(
    order: Order, rita: User, femi: User, drain: Drain, client: Client, accepts: bool
) -> None:
    ticket = ask(rita, order, drain)
    answer_rush(actor=femi, ticket=ticket, accepts=accepts, reason="" if accepts else "No mugs.")
    assert ticket_of(order).priority == ("high" if accepts else "normal")
    client.force_login(femi)
    page = client.get(f"/office/tickets/{ticket.number}/").text
    assert f"Femi Fulfilment {'accepted' if accepts else 'refused'} the rush" in page
    drain()
    # A later request that raised nothing takes nothing back.
    again = ask(rita, order, drain)
    answer_rush(actor=femi, ticket=again, accepts=False, reason="Still none.")
    assert ticket_of(order).priority == ("high" if accepts else "normal")


def test_a_priority_that_a_colleague_has_set_stays_when_a_rush_is_refused(
    order: Order, rita: User, maya: User, femi: User, drain: Drain
) -> None:
    ticket = ask(rita, order, drain)
    set_priority(actor=maya, ticket=ticket, priority="urgent", seen="high")
    answer_rush(actor=femi, ticket=ticket, accepts=False, reason="No mugs.")
    assert ticket_of(order).priority == "urgent"


def test_goods_that_are_ready_accept_the_rush(
    order: Order, rita: User, femi: User, drain: Drain
) -> None:
    ticket = ask(rita, order, drain)
    with pytest.raises(Conflict):
        ask_for_rush(actor=rita, order=order, reason="Again")
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    drain()
    assert Rush.objects.get().is_accepted
    with pytest.raises(Conflict):
        ask_for_rush(actor=rita, order=order, reason="Again")


def test_a_request_that_meets_finished_work_is_refused(
    order: Order, rita: User, femi: User, drain: Drain
) -> None:
    ticket = ticket_of(order)
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    ask_for_rush(actor=rita, order=order, reason=REASON)
    drain()
    rush = Rush.objects.get()
    assert rush.is_accepted is False
    assert rush.answer == "The work on this order is already finished."


def test_a_cancelled_order_leaves_no_request_open(
    order: Order, rita: User, femi: User, drain: Drain
) -> None:
    ticket = ask(rita, order, drain)
    cancel_order(actor=rita, order=order, reason="Changed her mind.")
    drain()
    with pytest.raises(RushClosed):
        answer_rush(actor=femi, ticket=ticket, accepts=True)
    with pytest.raises(Conflict):
        ask_for_rush(actor=rita, order=order, reason="Again")


def test_only_fulfilment_answers(order: Order, rita: User, drain: Drain) -> None:
    ticket = ask(rita, order, drain)
    with pytest.raises(PermissionDenied):
        answer_rush(actor=rita, ticket=ticket, accepts=True)
