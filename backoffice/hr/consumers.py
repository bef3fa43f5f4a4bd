"""What HR does with what the corridor brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from backoffice.hr import actions
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    OrderCancelled,
    OrderPlaced,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import PermanentError, consumes


@contextmanager
def refusals_are_permanent() -> Iterator[None]:
    """What is refused once is refused again: an operator has to look at it."""
    try:
        yield
    except actions.CommissionRefused as refusal:
        raise PermanentError(str(refusal)) from refusal


@consumes(OrderPlaced, Destination.HR, together=True)
def order_placed(contract: OrderPlaced, handoff: Handoff) -> None:
    """An order was placed: its salesperson earns."""
    with refusals_are_permanent():
        actions.accrue_commission(actor=None, order=contract, handoff=handoff)


@consumes(OrderCancelled, Destination.HR)
def order_cancelled(contract: OrderCancelled, handoff: Handoff) -> None:
    """An order was cancelled: what was earned is taken back."""
    with refusals_are_permanent():
        actions.reverse_commission(actor=None, cancelled=contract, handoff=handoff)


@consumes(ComplaintRaised, Destination.HR)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """A customer complained about a colleague: the case is sealed in HR's rooms."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)


@consumes(ComplaintReopened, Destination.HR)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """HR's answer did not satisfy the customer."""
    actions.open_conduct_case(actor=None, complaint=contract, handoff=handoff)
