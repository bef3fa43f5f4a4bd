"""Cancelling shipments, and putting back goods."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import complete_ticket, return_ticket, take_ticket, untake_ticket
from backoffice.tickets.models import Notification, Ticket
from backoffice.tickets.reports import order_ticket_counts
from backoffice.tickets.states import TicketState
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def cancel(rita: User) -> Callable[[Ticket], Ticket | None]:
    """Cancels the ticket's order at the desk; returns the put-back ticket, if there is one."""

    def do(ticket: Ticket) -> Ticket | None:
        order = Order.objects.get(number=ticket.subject)
        cancel_order(actor=rita, order=order, reason="Changed her mind.")
        deliver()
        ticket.refresh_from_db()
        return Ticket.objects.filter(subject=ticket.subject, kind="put_back").first()

    return do


def state_of(ticket: Ticket) -> str:
    return Shipment.objects.get(order_number=ticket.subject).state


def test_a_waiting_ticket_is_cancelled(ticket: Ticket, cancel: Callable) -> None:
    assert cancel(ticket) is None
    assert Order.objects.get(number=ticket.subject).fulfilment_state == FulfilmentState.NONE
    assert ticket.state == TicketState.CANCELLED
    assert state_of(ticket) == ShipmentState.CANCELLED


def test_an_untaken_ticket_needs_no_put_back(ticket: Ticket, femi: User, cancel: Callable) -> None:
    take_ticket(actor=femi, ticket=ticket)
    untake_ticket(actor=femi, ticket=ticket)
    assert cancel(ticket) is None


def test_the_desk_shows_no_goods_of_a_cancelled_order(
    ticket: Ticket, femi: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    deliver()
    order = Order.objects.get(number=ticket.subject)
    assert order.fulfilment_state == FulfilmentState.READY
    put_back = cancel(ticket)
    order.refresh_from_db()
    assert order.fulfilment_state == FulfilmentState.PUTTING_BACK
    take_ticket(actor=femi, ticket=put_back)
    complete_ticket(actor=femi, ticket=put_back)
    deliver()
    order.refresh_from_db()
    assert order.fulfilment_state == FulfilmentState.PUT_BACK


def test_goods_of_a_taken_ticket_are_put_back(ticket: Ticket, femi: User, cancel: Callable) -> None:
    take_ticket(actor=femi, ticket=ticket)
    put_back = cancel(ticket)
    assert ticket.state == TicketState.CANCELLED
    assert put_back is not None
    assert put_back.title == f"Put back the goods for {ticket.subject}"
    assert put_back.customer_name == "Nora Nordmann"


def test_whoever_has_the_goods_is_told_and_puts_them_back(
    ticket: Ticket, femi: User, rita: User, cancel: Callable, client: Client
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    put_back = cancel(ticket)
    assert (put_back.state, put_back.assignee) == (TicketState.TAKEN, femi)
    assert put_back.handoff.accepted_by == femi
    notification = Notification.objects.get(person=femi)
    assert (notification.kind, notification.ticket) == ("cancelled", ticket)
    assert notification.note == "Rita Receptionist: Changed her mind."
    client.force_login(femi)
    page = client.get(f"/office/tickets/{ticket.number}/").text
    assert "Rita Receptionist cancelled the order" in page
    assert "Changed her mind." in page
    assert f"/office/tickets/{put_back.number}/" in page


def test_goods_at_the_counter_are_put_back_by_anybody(
    ticket: Ticket, femi: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    put_back = cancel(ticket)
    assert (put_back.state, put_back.assignee) == (TicketState.WAITING, None)


def test_a_holder_who_left_the_department_gets_no_put_back(
    ticket: Ticket, femi: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    User.objects.filter(pk=femi.pk).update(is_active=False)
    assert cancel(ticket).state == TicketState.WAITING


def test_a_returned_ticket_is_put_back_and_its_question_closes(
    ticket: Ticket, femi: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Which?")
    deliver()
    assert cancel(ticket) is not None
    assert ticket.state == TicketState.CANCELLED
    assert DeskQuestion.objects.get().closed_at is not None


def test_goods_of_a_colleague_who_left_are_put_back(
    ticket: Ticket, femi: User, rita: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Which?")
    deliver()
    User.objects.filter(pk=femi.pk).update(is_active=False)
    answer_question(actor=rita, question=DeskQuestion.objects.get(), answer="Blue.")
    deliver()
    assert state_of(ticket) == ShipmentState.WAITING
    assert cancel(ticket) is not None


def test_ready_goods_are_put_back(ticket: Ticket, femi: User, cancel: Callable) -> None:
    take_ticket(actor=femi, ticket=ticket)
    complete_ticket(actor=femi, ticket=ticket)
    deliver()
    assert cancel(ticket) is not None
    assert ticket.state == TicketState.COMPLETED
    assert state_of(ticket) == ShipmentState.CANCELLED


def test_a_shipped_parcel_is_recalled(
    ordered: Callable[..., Ticket], femi: User, rita: User
) -> None:
    ticket = ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street")
    take_ticket(actor=femi, ticket=ticket)
    deliver()
    # The desk cancels while the parcel leaves: neither has heard of the other yet.
    order = Order.objects.get(number=ticket.subject)
    cancel_order(actor=rita, order=order, reason="Changed her mind.")
    complete_ticket(actor=femi, ticket=ticket)
    deliver()
    recall = Ticket.objects.get(subject=ticket.subject, kind="put_back")
    assert recall.title == f"Recall the parcel for {ticket.subject}"
    assert state_of(ticket) == ShipmentState.SHIPPED
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert order.fulfilment_state == FulfilmentState.EXCEPTION


def test_services_need_no_put_back(
    rita: User, postage: Product, femi: User, cancel: Callable
) -> None:
    from decimal import Decimal

    from frontdesk.orders.actions.place import place_order
    from frontdesk.orders.actions.pricing import NewLine

    order = place_order(
        actor=rita, customer=None, lines=[NewLine(product=postage, quantity=Decimal(1))]
    )
    deliver()
    ticket = Ticket.objects.get(subject=order.number)
    take_ticket(actor=femi, ticket=ticket)
    assert cancel(ticket) is None
    assert ticket.state == TicketState.CANCELLED


def test_completing_a_put_back_reports_it_once(
    ticket: Ticket, femi: User, cancel: Callable
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    put_back = cancel(ticket)
    complete_ticket(actor=femi, ticket=put_back)
    deliver()
    assert put_back.state == TicketState.COMPLETED
    assert state_of(ticket) == ShipmentState.CANCELLED
    # A put-back is not a second fulfilment of the order.
    assert order_ticket_counts([ticket.subject]) == {ticket.subject: 1}


def test_a_put_back_shows_its_lines(
    ticket: Ticket, femi: User, cancel: Callable, client: Client
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    put_back = cancel(ticket)
    client.force_login(femi)
    page = client.get(f"/office/tickets/{put_back.number}/")
    assert "Blue mug" in page.text
    assert "Put the goods that were fetched back" in page.text
