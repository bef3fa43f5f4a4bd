"""Consumers for answers to every department, and for complaints to departments without an app."""

from __future__ import annotations

from backoffice.tickets.actions import open_complaint_ticket, receive_answer, receive_told
from officeflow.handoff.contracts import (
    ComplaintRaised,
    ComplaintReopened,
    CustomerTold,
    TicketAnswered,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.registry import consumes
from officeflow.permissions import Department

DEPARTMENTS = tuple(Destination(department.value) for department in Department)


@consumes(TicketAnswered, *DEPARTMENTS)
def ticket_answered(contract: TicketAnswered, handoff: Handoff) -> None:
    """Stores the desk's answer to a returned ticket."""
    receive_answer(
        ticket_number=contract.ticket_number,
        department=Department(handoff.destination),
        answer=contract.answer,
        answered_by_name=contract.answered_by_name,
        answered_at=contract.answered_at,
    )


@consumes(CustomerTold, *DEPARTMENTS)
def customer_told(contract: CustomerTold, handoff: Handoff) -> None:
    """Stores whether the customer knows the department's answer."""
    receive_told(
        complaint_number=contract.complaint_number,
        department=Department(handoff.destination),
        told_at=contract.at if contract.is_told else None,
    )


@consumes(ComplaintRaised, Destination.MANAGEMENT, Destination.WAREHOUSE)
def complaint_raised(contract: ComplaintRaised, handoff: Handoff) -> None:
    """Opens a ticket for a complaint to a department that has no app of its own."""
    open_complaint_ticket(contract, handoff, Department(handoff.destination))


@consumes(ComplaintReopened, Destination.MANAGEMENT, Destination.WAREHOUSE)
def complaint_reopened(contract: ComplaintReopened, handoff: Handoff) -> None:
    """Opens another ticket for a reopened complaint."""
    open_complaint_ticket(contract, handoff, Department(handoff.destination))
