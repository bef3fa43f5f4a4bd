"""A ticket's timeline: its periods, questions, answers and comments as events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.tickets.actions.comments import MENTION
from backoffice.tickets.models import (
    PriorityChange,
    Ticket,
    TicketComment,
    TicketPeriod,
    TicketQuestion,
)
from backoffice.tickets.states import Priority, TicketState
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.queries import receipts_about
from officeflow.ui.times import duration


@dataclass(frozen=True, kw_only=True)
class TicketEvent:
    """An entry of a ticket's timeline, for the timeline component."""

    at: datetime
    title: str
    icon: str
    tone: str = "neutral"
    text: str = ""


def ticket_events(
    periods: Iterable[TicketPeriod],
    questions: Iterable[TicketQuestion] = (),
    comments: Iterable[TicketComment] = (),
    priorities: Iterable[PriorityChange] = (),
    others: Sequence[TicketEvent] = (),
) -> list[TicketEvent]:
    """Returns the entries of a ticket's timeline, newest first, with `others` of the department."""
    events = list(others)
    before: TicketPeriod | None = None
    for period in periods:
        title, icon = _describe(before, period)
        events.append(
            TicketEvent(
                at=period.started_at,
                title=_with_duration(title, before, period),
                icon=icon,
                tone=TicketState(period.state).tone,
                text=_event_text(before, period, questions),
            )
        )
        before = period
    events += [
        TicketEvent(
            at=comment.at,
            title=_("%(name)s commented") % {"name": comment.author},
            icon="message",
            tone="info",
            text=highlight_mentions(comment.text),
        )
        for comment in comments
    ]
    events += [_priority_event(change) for change in priorities]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _describe(before: TicketPeriod | None, period: TicketPeriod) -> tuple[str, str]:
    """Returns the title and the icon of a change of state or assignee."""
    state = TicketState(period.state)
    if before is None:
        return _("Ticket received"), "handoff"
    names = {
        "name": period.actor or period.assignee or "",
        "to": period.assignee or "",
        "from": before.assignee or "",
    }
    if _lost_its_assignee(before, period):
        return _describe_loss(before, period, names), "undo"
    if before.state == TicketState.RETURNED and state == TicketState.TAKEN:
        return _("The front desk answered and the ticket came back to %(to)s") % names, "message"
    if before.state == TicketState.RETURNED and state == TicketState.WAITING:
        return _(
            "The front desk answered. The colleague who asked no longer works in the department, "
            "so the ticket is waiting"
        ), "message"
    if state == before.state:
        return _describe_transfer(period, names)
    if before.state == TicketState.COMPLETED:
        return _("%(name)s reopened the ticket: it was not finished") % names, "undo"
    if state == TicketState.TAKEN and period.actor is None and before.state == TicketState.WAITING:
        return _("Assigned to %(to)s, who has the goods") % names, "arrow-right"
    if before.state == TicketState.HELD and period.actor is None:
        return _describe_end_of_hold(state, names)
    if before.state == TicketState.HELD and state == TicketState.TAKEN:
        return _("%(name)s resumed the ticket") % names, "take"
    if state == TicketState.TAKEN and period.actor_id != period.assignee_id:
        return _("%(name)s assigned the ticket to %(to)s") % names, "arrow-right"
    if state == TicketState.HELD and period.until_at:
        day = date_format(timezone.localtime(period.until_at).date(), "DATE_FORMAT")
        return _("%(name)s put the ticket on hold until %(day)s") % {**names, "day": day}, "clock"
    return {
        TicketState.TAKEN: (_("%(name)s took the ticket") % names, "take"),
        TicketState.WAITING: (_("%(name)s put the ticket back into the queue") % names, "undo"),
        TicketState.HELD: (_("%(name)s put the ticket on hold") % names, "clock"),
        TicketState.RETURNED: (_("%(name)s asked the front desk") % names, "return"),
        TicketState.COMPLETED: (_("%(name)s completed the ticket") % names, "check"),
        TicketState.CANCELLED: (_("Ticket cancelled"), "cross"),
    }[state]


def _lost_its_assignee(before: TicketPeriod, period: TicketPeriod) -> bool:
    """Whether the assignee may no longer work on the ticket, so that nobody has it now.

    The end of a hold on its day and the desk's answer tell that by themselves.
    """
    if before.assignee_id is None or period.assignee_id is not None:
        return False
    if period.state == TicketState.RETURNED:
        return True
    if period.state != TicketState.WAITING or period.actor_id == before.assignee_id:
        return False
    has_ended = before.until_at is not None and before.until_at <= period.started_at
    is_own_end = before.state == TicketState.HELD and period.actor_id is None and has_ended
    return before.state != TicketState.RETURNED and not is_own_end


def _describe_loss(before: TicketPeriod, period: TicketPeriod, names: dict[str, Any]) -> str:
    if period.state == TicketState.RETURNED:
        return (
            _(
                "%(from)s no longer works in the department. The ticket goes into the queue when "
                "the front desk answers"
            )
            % names
        )
    if period.actor_id is None:
        return (
            _("%(from)s no longer works in the department, so the ticket is back in the queue")
            % names
        )
    return (
        _(
            "%(name)s changed the roles of %(from)s, who no longer works in the department, so the "
            "ticket is back in the queue"
        )
        % names
    )


def _describe_transfer(period: TicketPeriod, names: dict[str, Any]) -> tuple[str, str]:
    if period.actor_id == period.assignee_id:
        return _("%(name)s took over the ticket from %(from)s") % names, "take"
    if str(names["name"]) == str(names["from"]):
        return _("%(name)s assigned the ticket to %(to)s") % names, "arrow-right"
    return _("%(name)s reassigned the ticket from %(from)s to %(to)s") % names, "arrow-right"


def _describe_end_of_hold(state: TicketState, names: dict[str, Any]) -> tuple[str, str]:
    if state == TicketState.TAKEN:
        return _("The hold ended. The ticket is due again for %(to)s") % names, "bell"
    if state == TicketState.WAITING:
        return _(
            "The hold ended. The colleague who had the ticket no longer works in the department, "
            "so the ticket is waiting"
        ), "bell"
    return _("Ticket cancelled"), "cross"


# The title of a change with the time spent in the state before it, by that state.
TITLES_WITH_DURATION = {
    TicketState.WAITING: gettext_lazy("%(what)s, after waiting %(time)s"),
    TicketState.TAKEN: gettext_lazy("%(what)s, after %(time)s in progress"),
    TicketState.HELD: gettext_lazy("%(what)s, after %(time)s on hold"),
    TicketState.RETURNED: gettext_lazy("%(what)s, after %(time)s with the front desk"),
}
LEAST_SECONDS_SHOWN = 60


def _with_duration(what: str, before: TicketPeriod | None, period: TicketPeriod) -> str:
    if before is None or before.state not in TITLES_WITH_DURATION:
        return what
    seconds = (period.started_at - before.started_at).total_seconds()
    if seconds < LEAST_SECONDS_SHOWN:
        return what
    return str(TITLES_WITH_DURATION[TicketState(before.state)]) % {
        "what": what,
        "time": duration(seconds),
    }


def _event_text(
    before: TicketPeriod | None, period: TicketPeriod, questions: Iterable[TicketQuestion]
) -> str:
    """Returns the text below a change: a question, its answer, a reason or a note."""
    if period.state == TicketState.RETURNED and (
        before is None or before.state != TicketState.RETURNED
    ):
        own = [each for each in questions if each.asked_at == period.started_at]
        return f"{own[0].reason_label}: {own[0].question}" if own else ""
    if before is not None and before.state == TicketState.RETURNED:
        # The latest question before this time at the desk began.
        earlier = [each for each in questions if each.asked_at <= before.started_at]
        answered = earlier[-1] if earlier else None
        if answered and answered.answered_at and period.state != TicketState.RETURNED:
            return f"{answered.answered_by_name}: {answered.answer}"
    return period.note


def _priority_event(change: PriorityChange) -> TicketEvent:
    new = Priority(change.new)
    words = {
        "name": change.actor or change.requested_by_name,
        "new": str(new.label).lower(),
        "old": str(Priority(change.old).label).lower(),
    }
    return TicketEvent(
        at=change.at,
        title=(
            _("%(name)s changed the priority from %(old)s to %(new)s")
            if change.actor
            else _("%(name)s at the front desk asked for a rush: priority %(new)s")
        )
        % words,
        text=change.reason,
        icon=new.icon,
        tone=new.tone,
    )


def highlight_mentions(text: str) -> SafeString:
    """Returns a comment's escaped text with its mentions marked."""
    parts: list[tuple[str, str]] = []
    at = 0
    for found in MENTION.finditer(text):
        parts.append((text[at : found.start()], found.group()))
        at = found.end()
    head = format_html_join("", '{}<span class="mention">{}</span>', parts)
    return format_html("{}{}", head, text[at:])


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How long a ticket was in one state, in seconds."""

    label: str | Promise
    seconds: float


# The label of the time in each state; finished states have no clock.
CLOCKS = {
    TicketState.WAITING: gettext_lazy("Waited"),
    TicketState.TAKEN: gettext_lazy("In progress"),
    TicketState.HELD: gettext_lazy("On hold"),
    TicketState.RETURNED: gettext_lazy("With the front desk"),
}


def clocks_of(periods: Sequence[TicketPeriod], now: datetime) -> list[Clock]:
    """Returns how long a ticket was in each open state up to `now`, if at least a second."""
    spent: dict[TicketState, float] = {}
    for period in periods:
        state = TicketState(period.state)
        if state in CLOCKS:
            seconds = ((period.ended_at or now) - period.started_at).total_seconds()
            spent[state] = spent.get(state, 0) + max(seconds, 0)
    return [
        Clock(label=CLOCKS[state], seconds=spent[state])
        for state in CLOCKS
        if spent.get(state, 0) >= 1
    ]


CONTRACT_LABELS = {
    "OrderPlaced": gettext_lazy("Order"),
    "OrderCancelled": gettext_lazy("Cancellation"),
    "GoodsHandedOver": gettext_lazy("Hand-over"),
    "HandOverUndone": gettext_lazy("Hand-over undone"),
    "RushRequested": gettext_lazy("Rush requested"),
    "CustomerTold": gettext_lazy("Customer told"),
    "ComplaintRaised": gettext_lazy("Complaint"),
    "ComplaintReopened": gettext_lazy("Reopened"),
    "TicketAnswered": gettext_lazy("Answer"),
    "TicketReturned": gettext_lazy("Question"),
    "ComplaintTaken": gettext_lazy("In hand"),
    "ComplaintResolved": gettext_lazy("Resolution"),
    "TicketHeld": gettext_lazy("On hold"),
    "TicketResumed": gettext_lazy("Resumed"),
    "FulfilmentProgressed": gettext_lazy("Progress"),
}


def receipts_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Returns the receipts of hand-offs to the department about the subject, oldest first."""
    return [
        {"label": CONTRACT_LABELS.get(handoff.contract, handoff.contract), "steps": _steps(handoff)}
        for handoff in receipts_about(ticket.subject, to=Destination(ticket.department))
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
