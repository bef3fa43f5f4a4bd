"""A ticket's history told in words, from its periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.tickets.models import Ticket, TicketPeriod
from backoffice.tickets.states import TicketState
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.handoff.queries import receipts_about


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a ticket, as the timeline component shows it."""

    at: datetime
    title: str
    icon: str
    tone: str


def story_of(periods: Sequence[TicketPeriod]) -> list[Event]:
    """What happened, newest first."""
    events: list[Event] = []
    before: TicketPeriod | None = None
    for period in periods:
        title, icon = _told(before, period)
        tone = TicketState(period.state).tone
        events.append(Event(at=period.started_at, title=title, icon=icon, tone=tone))
        before = period
    return events[::-1]


def _told(before: TicketPeriod | None, period: TicketPeriod) -> tuple[str, str]:
    name = {"name": period.actor or period.assignee or ""}
    state = TicketState(period.state)
    if before is None:
        return _("It came in and waited"), "handoff"
    if before.state == TicketState.RETURNED and state == TicketState.TAKEN:
        return _("The desk answered; it came back to %(name)s") % name, "message"
    if before.state == TicketState.RETURNED and state == TicketState.WAITING:
        return _("The desk answered; it waits, since who asked works here no more"), "message"
    if before.state == TicketState.HELD and state == TicketState.TAKEN:
        return _("%(name)s went on with it") % name, "take"
    return {
        TicketState.TAKEN: (_("%(name)s took it") % name, "take"),
        TicketState.WAITING: (_("%(name)s put it back into the queue") % name, "undo"),
        TicketState.HELD: (_("%(name)s put it on hold") % name, "clock"),
        TicketState.RETURNED: (_("%(name)s asked the desk") % name, "return"),
        TicketState.COMPLETED: (_("%(name)s completed it") % name, "check"),
        TicketState.CANCELLED: (_("It was cancelled"), "cross"),
    }[state]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How long a ticket was in one sort of state, in seconds."""

    label: str | Promise
    seconds: float


# What is said of the time in each state; finished states have no clock.
CLOCKS = {
    TicketState.WAITING: gettext_lazy("Waited"),
    TicketState.TAKEN: gettext_lazy("In work"),
    TicketState.HELD: gettext_lazy("On hold"),
    TicketState.RETURNED: gettext_lazy("With the desk"),
}


def clocks_of(periods: Sequence[TicketPeriod], now: datetime) -> list[Clock]:
    """How long it waited, was in work and so on up to `now`; only states that it was in."""
    spent: dict[TicketState, float] = {}
    for period in periods:
        state = TicketState(period.state)
        if state in CLOCKS:
            seconds = ((period.ended_at or now) - period.started_at).total_seconds()
            spent[state] = spent.get(state, 0) + max(seconds, 0)
    # Less than a second is nobody's time.
    return [
        Clock(label=CLOCKS[state], seconds=spent[state])
        for state in CLOCKS
        if spent.get(state, 0) >= 1
    ]


CONTRACT_WORDS = {
    "OrderPlaced": gettext_lazy("Order"),
    "OrderCancelled": gettext_lazy("Cancellation"),
    "GoodsHandedOver": gettext_lazy("Hand-over"),
    "ComplaintRaised": gettext_lazy("Complaint"),
    "ComplaintReopened": gettext_lazy("Reopened"),
    "TicketAnswered": gettext_lazy("Answer"),
    "TicketReturned": gettext_lazy("Question"),
    "ComplaintTaken": gettext_lazy("In hand"),
    "ComplaintResolved": gettext_lazy("Resolution"),
    "FulfilmentProgressed": gettext_lazy("Progress"),
}


def receipts_of(ticket: Ticket) -> list[dict[str, Any]]:
    """The receipts of what came to this department about the ticket's subject, oldest first."""
    return [
        {"label": CONTRACT_WORDS.get(handoff.contract, handoff.contract), "steps": _steps(handoff)}
        for handoff in receipts_about(ticket.subject)
        if handoff.destination == ticket.department
    ]


def _steps(handoff: Handoff) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = [
        {"label": _("Posted"), "at": handoff.posted_at, "state": "done"},
        _delivered(handoff),
    ]
    if handoff.accepted_at:
        steps.append(
            {
                "label": _("Accepted"),
                "at": handoff.accepted_at,
                "actor": handoff.accepted_by,
                "state": "done",
            }
        )
    if handoff.returned_at:
        steps.append({"label": _("Returned"), "at": handoff.returned_at, "state": "bad"})
    return steps


def _delivered(handoff: Handoff) -> dict[str, Any]:
    if handoff.state == HandoffState.APPLIED:
        return {"label": _("Delivered"), "at": handoff.delivered_at, "state": "done"}
    if handoff.state == HandoffState.WAITING:
        return {"label": _("On its way"), "state": "now"}
    return {"label": HandoffState(handoff.state).label, "state": "bad"}
