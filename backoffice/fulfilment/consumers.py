"""Fulfilment's consumers."""

from __future__ import annotations

from backoffice.fulfilment.actions import (
    cancel_shipment,
    follow_hand_over,
    open_shipments,
    receive_rush_request,
)
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import open_complaint_ticket
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import Batch, consumes, consumes_batch
from officeflow.permissions import Department

HERE = Destination.FULFILMENT


@consumes_batch(contracts.OrderPlaced, HERE)
def orders_placed(placed: Batch) -> None:
    """Opens a ticket and a shipment for each order.

    Several orders can share a transaction, because this only adds rows and locks none that
    another order needs.
    """
    open_shipments(placed)


@consumes(contracts.OrderCancelled, HERE)
def order_cancelled(contract: contracts.OrderCancelled, handoff: Handoff) -> None:
    """Cancels the shipment and its ticket; fetched goods are put back."""
    cancel_shipment(cancelled=contract, handoff=handoff)


@consumes(contracts.RushRequested, HERE)
def rush_requested(contract: contracts.RushRequested, handoff: Handoff) -> None:
    """Raises the ticket's priority; a colleague accepts or refuses the rush."""
    receive_rush_request(contract)


@consumes(contracts.GoodsHandedOver, HERE)
def goods_handed_over(
    contract: contracts.GoodsHandedOver,
    handoff: Handoff,
) -> None:
    """Marks the goods as handed over."""
    follow_hand_over(order_number=contract.order_number, to=ShipmentState.HANDED_OVER)


@consumes(contracts.HandOverUndone, HERE)
def hand_over_undone(contract: contracts.HandOverUndone, handoff: Handoff) -> None:
    """Marks the goods as ready for pick-up again."""
    follow_hand_over(order_number=contract.order_number, to=ShipmentState.READY)


@consumes(contracts.ComplaintRaised, HERE)
def complaint_raised(contract: contracts.ComplaintRaised, handoff: Handoff) -> None:
    """Opens a ticket for a complaint about goods."""
    open_complaint_ticket(contract, handoff, Department.FULFILMENT)


@consumes(contracts.ComplaintReopened, HERE)
def complaint_reopened(contract: contracts.ComplaintReopened, handoff: Handoff) -> None:
    """Opens another ticket for a reopened complaint."""
    open_complaint_ticket(contract, handoff, Department.FULFILMENT)
