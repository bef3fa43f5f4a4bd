"""Tickets opened by actions of the desk and their hand-offs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from backoffice.tickets.models import Ticket
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.reference import ensure
from officeflow.catalogue.models import Product
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Destination
from officeflow.staff.models import User

SIDES = (
    Destination.FULFILMENT.value,
    Destination.MANAGEMENT.value,
    Destination.HR.value,
    Destination.FRONTDESK.value,
)


def deliver() -> int:
    """Applies the hand-offs to the departments and to the desk."""
    return draining.drain(SIDES)


@pytest.fixture
def ordered(rita: User, nora: Customer, mug: Product) -> Callable[..., Ticket]:
    """Returns a function that places an order of two mugs and returns fulfilment's ticket."""

    def order(**details: Any) -> Ticket:
        placed: Order = place_order(
            actor=rita,
            customer=nora,
            lines=[NewLine(product=mug, quantity=Decimal(2))],
            **details,
        )
        deliver()
        return Ticket.objects.get(subject=placed.number, kind="order")

    return order


@pytest.fixture
def ticket(ordered: Callable[..., Ticket]) -> Ticket:
    """Fulfilment's waiting ticket of an order."""
    return ordered()


@pytest.fixture
def complain(rita: User, nora: Customer) -> Callable[..., Ticket]:
    """Returns a function that logs a complaint and returns its department's ticket."""
    ensure()

    def complaint(
        category: ComplaintCategory = ComplaintCategory.SERVICE, **details: Any
    ) -> Ticket:
        raised: Complaint = raise_complaint(
            actor=rita,
            customer=nora,
            category=category,
            description=details.pop("description", "I waited for an hour."),
            **details,
        )
        deliver()
        return Ticket.objects.get(subject=raised.number)

    return complaint


@pytest.fixture
def complaint_ticket(complain: Callable[..., Ticket]) -> Ticket:
    """Management's waiting ticket of a complaint about service."""
    return complain()
