"""Hand-offs that reach HR."""

from __future__ import annotations

from backoffice.hr import actions
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import consumes


@consumes(OrderPlaced, Destination.HR, may_share_transaction=True)
def order_placed(contract: OrderPlaced, handoff: Handoff) -> None:
    """An order was placed: its salesperson earns a commission."""
    actions.accrue_commission(actor=None, order=contract, handoff=handoff)


@consumes(OrderCancelled, Destination.HR)
def order_cancelled(contract: OrderCancelled, handoff: Handoff) -> None:
    """An order was cancelled: the commission is reversed."""
    actions.reverse_commission(actor=None, cancelled=contract, handoff=handoff)


@consumes(ComplaintRaised, Destination.HR)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """A customer complained about a colleague: HR opens a sealed case."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)


@consumes(ComplaintReopened, Destination.HR)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """HR's answer did not satisfy the customer."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)
