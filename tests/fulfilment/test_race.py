"""An order is cancelled while its parcel is shipped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import TicketStateConflict, complete_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow.handoff.equation import balance
from officeflow.staff.models import User
from tests.tickets.conftest import deliver


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_concurrent_shipping_and_cancelling_are_consistent(
    ordered: Callable[..., Ticket], femi: User, rita: User, _round: int
) -> None:
    ticket = ordered(delivery=Delivery.DELIVERY, delivery_address="1 Quay Street")
    take_ticket(actor=femi, ticket=ticket)
    deliver()
    order = Order.objects.get(number=ticket.subject)
    cancel_order(actor=rita, order=order, reason="Changed her mind.")
    start = Barrier(2)

    def ship() -> bool:
        try:
            start.wait(timeout=20)
            complete_ticket(actor=femi, ticket=Ticket.objects.get(pk=ticket.pk))
            return True
        except TicketStateConflict:
            return False
        finally:
            connection.close()

    def deliver_cancellation() -> None:
        try:
            start.wait(timeout=20)
            deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        shipping, news = pool.submit(ship), pool.submit(deliver_cancellation)
        shipped = shipping.result()
        news.result()
    deliver()
    ticket.refresh_from_db()
    order.refresh_from_db()
    shipment = Shipment.objects.get(order_number=order.number)
    put_back = Ticket.objects.get(subject=order.number, kind="put_back")
    assert order.state == OrderState.CANCELLED
    if shipped:
        assert ticket.state == TicketState.COMPLETED
        assert shipment.state == ShipmentState.SHIPPED
        assert put_back.title.startswith("Recall")
        assert order.fulfilment_state == FulfilmentState.EXCEPTION
    else:
        assert ticket.state == TicketState.CANCELLED
        assert shipment.state == ShipmentState.CANCELLED
        assert put_back.title.startswith("Put back the goods")
    assert balance().balanced
