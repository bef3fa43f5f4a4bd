"""The states of a ticket and the moves allowed between them, its kinds and priorities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.handoff.contract_labels import Outcome, ReturnReason, Severity
from officeflow.workflow import Moves, State

__all__ = [
    "ASSIGNED_STATES",
    "IN_WORK_STATES",
    "OPEN_STATES",
    "TICKET_MOVES",
    "Outcome",
    "Priority",
    "ReturnReason",
    "Severity",
    "TicketKind",
    "TicketState",
]


class TicketState(State):
    """The state of a ticket."""

    WAITING = "waiting", "neutral", _("Waiting")
    TAKEN = "taken", "progress", _("Taken")
    HELD = "held", "warn", _("On hold")
    RETURNED = "returned", "warn", _("Returned to the desk")
    COMPLETED = "completed", "good", _("Completed")
    CANCELLED = "cancelled", "bad", _("Cancelled")


OPEN_STATES = (TicketState.WAITING, TicketState.TAKEN, TicketState.HELD, TicketState.RETURNED)
# The states in which an assignee works on a ticket; a returned one waits for the desk.
IN_WORK_STATES = (TicketState.TAKEN, TicketState.HELD)
# The states in which a ticket has an assignee. One whose assignee stopped working in the department
# while it was with the desk has none.
ASSIGNED_STATES = (*IN_WORK_STATES, TicketState.RETURNED)

TICKET_MOVES = Moves(
    {
        TicketState.WAITING: {TicketState.TAKEN, TicketState.CANCELLED},
        TicketState.TAKEN: {
            TicketState.WAITING,
            TicketState.HELD,
            TicketState.RETURNED,
            TicketState.COMPLETED,
            TicketState.CANCELLED,
        },
        # To WAITING: the assignee no longer works in the department when the hold ends.
        TicketState.HELD: {TicketState.TAKEN, TicketState.WAITING, TicketState.CANCELLED},
        TicketState.RETURNED: {TicketState.TAKEN, TicketState.WAITING, TicketState.CANCELLED},
        # Completed too early: `reopen_ticket`.
        TicketState.COMPLETED: {TicketState.TAKEN},
    }
)


class TicketKind(State):
    """The kind of work."""

    ORDER = "order", "neutral", _("Order")
    PUT_BACK = "put_back", "info", _("Put back")
    COMPLAINT = "complaint", "warn", _("Complaint")

    @property
    def icon(self) -> str:
        """The name of the kind's icon."""
        return {"order": "order", "put_back": "undo", "complaint": "complaint"}[self.value]


class Priority(State):
    """How urgent a ticket is, the most urgent first."""

    URGENT = "urgent", "bad", _("Urgent")
    HIGH = "high", "warn", _("High")
    NORMAL = "normal", "neutral", _("Normal")
    LOW = "low", "neutral", _("Low")

    @property
    def rank(self) -> int:
        """The order in the queue: 0 comes first."""
        return {"urgent": 0, "high": 1, "normal": 2, "low": 3}[self.value]

    @property
    def icon(self) -> str:
        """The name of the priority's icon, which differs from those of states."""
        return {"urgent": "alert", "high": "arrow-right", "normal": "dot", "low": "chevron-down"}[
            self.value
        ]
