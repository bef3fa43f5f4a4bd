"""Reopening a ticket that was completed too early: Undo, and "Not ready after all" later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.tickets.actions.bulk import BulkResult, each_by_itself
from backoffice.tickets.actions.notifications import notify_person
from backoffice.tickets.actions.priority import touch_ticket
from backoffice.tickets.actions.transitions import (
    TicketStateConflict,
    change_state,
    check_length,
    check_may_work,
    check_will_hold,
)
from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import NotificationKind, Resolution, Ticket
from backoffice.tickets.states import TicketKind, TicketState
from officeflow.company.queries import undo_runs, undo_window
from officeflow.errors import Refused
from officeflow.handoff.contracts import (
    ComplaintAnswerWithdrawn,
    ComplaintReopened,
    ComplaintResolved,
    CustomerTold,
)
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import is_under_way, post, was_posted_within
from officeflow.permissions import Department
from officeflow.staff.models import User


class ReasonMissing(Refused):
    """After the seconds for Undo, reopening needs a reason."""


@transaction.atomic
def reopen_ticket(*, actor: User, ticket: Ticket, reason: str = "") -> Ticket:
    """Moves a completed ticket back to "taken"; it belongs to the actor now.

    Whoever completed it needs no `reason` within the office's seconds for Undo. The department's
    hook takes back what completing did, and the desk is told. An answer to a complaint is
    withdrawn. A colleague who had completed the ticket is notified. Raises `ReasonMissing`,
    `PermissionDenied`, `TicketTaken` (somebody was faster) and `TicketStateConflict`.
    """
    check_may_work(actor, ticket)
    reason = reason.strip()
    check_length(reason, "reason")
    check_will_hold(actor.pk, ticket)
    # Locked, so that who completed it and when stay the same until the guarded update.
    before = (
        Ticket.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=ticket.pk)
    )
    now = timezone.now()
    if before.state == TicketState.COMPLETED:
        if before.kind == TicketKind.COMPLAINT:
            _check_not_told(before)
        _check_may_reopen(before, actor, reason, now)
    change_state(
        ticket=ticket,
        actor=actor,
        to=TicketState.TAKEN,
        sources=[TicketState.COMPLETED],
        assignee_id=actor.pk,
        at=now,
        action="reopen_ticket",
        note=reason,
        personal=["reason"] if reason else [],
    )
    if ticket.kind == TicketKind.COMPLAINT:
        _withdraw_answer(ticket, actor, reason, now)
    hooks_of(ticket.department).on_reopened(ticket, actor, reason)
    if before.assignee is not None:
        notify_person(
            person=before.assignee,
            ticket=ticket,
            kind=NotificationKind.REOPENED,
            by=actor,
            at=now,
            note=reason,
        )
    return ticket


def _check_may_reopen(ticket: Ticket, actor: User, reason: str, now: datetime) -> None:
    undo = undo_runs(ticket.closed_at, now) and not _may_have_been_sent(ticket)
    if why_not := hooks_of(ticket.department).why_not_reopen(ticket, undo):
        raise TicketStateConflict(str(why_not))
    if not reason and not (undo and ticket.assignee_id == actor.pk):
        raise ReasonMissing(_("Enter why the ticket is not finished after all."), "reason")


def _may_have_been_sent(ticket: Ticket) -> bool:
    """Returns whether the answer may have been sent to the customer. Called after `_check_not_told`
    has locked the streams, so that of the message and its withdrawal one wins."""
    return ticket.kind == TicketKind.COMPLAINT and not was_posted_within(
        undo_window(), ComplaintResolved, to=Destination.FRONTDESK, subject=ticket.subject
    )


def _check_not_told(ticket: Ticket) -> None:
    """Raises `TicketStateConflict` when the desk has just posted what ends the time for Undo.

    `confirm_complaint` and `reopen_complaint` look at our hand-off after they have posted. What was
    applied meanwhile, `why_not_reopen` sees: it comes after this.
    """
    desk, here = Destination.FRONTDESK, Destination(ticket.department)
    if is_under_way(
        CustomerTold, ComplaintReopened, to=here, subject=ticket.subject, locking=(desk, here)
    ):
        raise TicketStateConflict(_("The front desk has just told the customer the answer."))


def _withdraw_answer(ticket: Ticket, actor: User, reason: str, now: datetime) -> None:
    here = Destination(ticket.department)
    # The text is kept, so that whoever answers again does not type it anew.
    Resolution.objects.filter(ticket=ticket).update(withdrawn_at=now)
    post(
        ComplaintAnswerWithdrawn(
            complaint_number=ticket.subject,
            withdrawn_at=now,
            withdrawn_by_name=actor.get_full_name(),
            # HR reports nothing about its work on a case.
            reason=reason if here != Destination.HR else "",
        ),
        to=[Destination.FRONTDESK],
        subject=ticket.subject,
        actor=actor,
        is_sealed=here == Destination.HR,
    )


def reopen_tickets(*, actor: User, tickets: Sequence[Ticket]) -> list[BulkResult]:
    """Reopens each ticket that the actor has completed just now: Undo for several.

    Raises `TooManyTickets`.
    """
    return each_by_itself(tickets, lambda ticket: reopen_ticket(actor=actor, ticket=ticket))


@transaction.atomic
def receive_told(
    *, complaint_number: str, department: Department, told_at: datetime | None
) -> None:
    """Stores when the desk told the customer the answer; None when it did not after all."""
    tickets = Ticket.objects.select_for_update().filter(
        department=department, kind=TicketKind.COMPLAINT, subject=complaint_number
    )
    ticket = tickets.order_by("-pk").first()
    if ticket is not None:
        Resolution.objects.filter(ticket=ticket, withdrawn_at__isnull=True).update(told_at=told_at)
        touch_ticket(ticket=ticket, at=timezone.now())
