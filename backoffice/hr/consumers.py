"""HR's consumers."""

from __future__ import annotations

from backoffice.hr import actions
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import Batch, consumes, consumes_batch


@consumes_batch(OrderPlaced, Destination.HR)
def orders_placed(placed: Batch) -> None:
    """Accrues the salespeople's commissions. It only adds rows and locks none."""
    actions.accrue_commissions(actor=None, placed=placed)


@consumes(OrderCancelled, Destination.HR)
def order_cancelled(contract: OrderCancelled, handoff: Handoff) -> None:
    """Reverses the commission of a cancelled order."""
    actions.reverse_commission(actor=None, cancelled=contract, handoff=handoff)


@consumes(ComplaintRaised, Destination.HR)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """Opens a sealed case."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)


@consumes(ComplaintReopened, Destination.HR)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """Opens another case for a reopened complaint."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)
