"""Hand-offs that reach fulfilment."""

from __future__ import annotations

from backoffice.fulfilment.actions import cancel_shipment, open_shipments, progress_shipment
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.actions import open_complaint_ticket
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import Batch, consumes, consumes_batch
from officeflow.permissions import Department

HERE = Destination.FULFILMENT


@consumes_batch(contracts.OrderPlaced, HERE)
def orders_placed(placed: Batch) -> None:
    """Customers ordered: one ticket each with what is to be fetched.

    It only adds rows. Should it come to lock any that another order needs too, such as what is in
    stock, several may not share a transaction any more.
    """
    open_shipments(placed)


@consumes(contracts.OrderCancelled, HERE)
def order_cancelled(contract: contracts.OrderCancelled, handoff: Handoff) -> None:
    """The desk cancelled an order: its ticket is cancelled, and fetched goods are put back."""
    cancel_shipment(
        order_number=contract.order_number, cancelled_at=contract.cancelled_at, handoff=handoff
    )


@consumes(contracts.GoodsHandedOver, HERE)
def goods_handed_over(
    contract: contracts.GoodsHandedOver,
    handoff: Handoff,
) -> None:
    """The customer took the goods at the counter."""
    progress_shipment(order_number=contract.order_number, to=ShipmentState.HANDED_OVER, actor=None)


@consumes(contracts.ComplaintRaised, HERE)
def complaint_raised(contract: contracts.ComplaintRaised, handoff: Handoff) -> None:
    """A customer complained about goods."""
    open_complaint_ticket(contract, handoff, Department.FULFILMENT)


@consumes(contracts.ComplaintReopened, HERE)
def complaint_reopened(contract: contracts.ComplaintReopened, handoff: Handoff) -> None:
    """The answer did not satisfy the customer."""
    open_complaint_ticket(contract, handoff, Department.FULFILMENT)
