"""Goods that are ready, and what their customer is told, in tests of fulfilment."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from backoffice.fulfilment.models import Shipment
from backoffice.tickets.actions import (
    complete_ticket,
    take_ticket,
)
from backoffice.tickets.models import Ticket
from frontdesk.orders.models import Order
from officeflow.handoff.applying import draining
from officeflow.mail.models import Message
from officeflow.staff.models import User
from tests.tickets.conftest import deliver

LATER = timedelta(minutes=5)


def order_of(ticket: Ticket) -> Order:
    return Order.objects.get(number=ticket.subject)


def state_of(ticket: Ticket) -> str:
    return Shipment.objects.get(order_number=ticket.subject).state


def ready(ticket: Ticket, who: User) -> Ticket:
    take_ticket(actor=who, ticket=ticket)
    complete_ticket(actor=who, ticket=ticket)
    deliver()
    return ticket


def long_ago(ticket: Ticket) -> None:
    """Lets the seconds for Undo pass since the ticket was completed."""
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=timezone.now() - LATER)


def let_the_mail_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE handoff_handoff SET due_at = office_clock() WHERE state = 'waiting'")
    draining.drain()


def about(ticket: Ticket, event: str) -> Message:
    return Message.objects.get(reference=ticket.subject, event=event)
