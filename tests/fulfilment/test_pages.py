"""The page of fulfilment's ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from backoffice.tickets.actions import take_ticket
from backoffice.tickets.models import Ticket
from frontdesk.orders.models import Delivery
from officeflow.company.queries import office_date
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_the_ticket_shows_the_lines_and_the_delivery_address(
    ordered: Callable[..., Ticket], femi: User, client: Client
) -> None:
    ticket = ordered(
        delivery=Delivery.DELIVERY,
        delivery_address="1 Quay Street\nBristol",
        note="Ring twice & wait",
        wanted_by_date=office_date() + timedelta(days=3),
    )
    client.force_login(femi)
    page = client.get(f"/office/tickets/{ticket.number}/")
    for words in ("Blue mug", "MUG", "1 Quay Street", "Ring twice &amp; wait", "Nora Nordmann"):
        assert words in page.text


def test_shipping_must_be_confirmed(
    ordered: Callable[..., Ticket], femi: User, client: Client
) -> None:
    ticket = ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street")
    take_ticket(actor=femi, ticket=ticket)
    client.force_login(femi)
    assert "Mark as shipped…" in client.get(f"/office/tickets/{ticket.number}/").text
    page = client.get(f"/office/tickets/{ticket.number}/complete/")
    assert "can no longer be cancelled" in page.text
    ticket.refresh_from_db()
    assert ticket.is_open
