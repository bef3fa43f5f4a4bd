"""The tickets behind a figure of the dashboards, for those who may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backoffice.tickets.models import Ticket, TicketQuestion
from backoffice.tickets.states import TicketState
from officeflow.permissions import Department, view_permission
from officeflow.staff.models import User


@dataclass(frozen=True, kw_only=True)
class TicketListFilter:
    """Which tickets a list shows; empty means whichever.

    `came_…`, `due_…` bound the moments of arrival and of falling due, `open_at` asks for those
    that were open at a moment, `late` for those not finished in time, `returned` for those that
    went back to the desk with this reason (`any` for whichever).
    """

    department: str = ""
    state: str = ""
    came_start: datetime | None = None
    came_end: datetime | None = None
    due_start: datetime | None = None
    due_end: datetime | None = None
    open_at: datetime | None = None
    late: bool = False
    returned: str = ""


def filter_tickets(
    asked: TicketListFilter, departments: Collection[Department], now: datetime
) -> QuerySet[Ticket]:
    """The tickets of those departments that the list shows."""
    rows = Ticket.objects.select_related("assignee").filter(
        department__in=[department.value for department in departments]
    )
    exact = {
        "department": asked.department,
        "state": asked.state,
        "created_at__gte": asked.came_start,
        "created_at__lt": asked.came_end,
        "due_at__gte": asked.due_start,
        "due_at__lt": asked.due_end,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.due_start or asked.due_end or asked.late:
        # As `due_statistics` counts: what fell due, without tickets cancelled in time or held.
        rows = (
            rows.filter(due_at__lt=now)
            .exclude(state=TicketState.CANCELLED, closed_at__lte=F("due_at"))
            .exclude(state=TicketState.HELD, is_promised=False)
        )
    if asked.late:
        rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))
    if asked.open_at:
        # What is opened or closed at the moment itself belongs to the span that begins then.
        rows = rows.filter(created_at__lt=asked.open_at).filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=asked.open_at)
        )
    if asked.returned:
        questions = TicketQuestion.objects.filter(ticket=OuterRef("pk"))
        if asked.returned != "any":
            questions = questions.filter(reason=asked.returned)
        rows = rows.filter(Exists(questions))
    return rows


@dataclass(frozen=True, kw_only=True)
class ListedTicket:
    """A ticket in a list of the dashboards; `may_open` says whether the person may see its page."""

    number: str
    subject: str
    department: Department
    state: TicketState
    assignee: str
    came_at: datetime
    due_at: datetime
    closed_at: datetime | None
    is_late: bool
    may_open: bool


def listed(user: User, ticket: Ticket, now: datetime) -> ListedTicket:
    """The row for one ticket."""
    department = Department(ticket.department)
    return ListedTicket(
        number=ticket.number,
        subject=ticket.subject,
        department=department,
        state=TicketState(ticket.state),
        assignee=ticket.assignee.full_name if ticket.assignee else "",
        came_at=ticket.created_at,
        due_at=ticket.due_at,
        closed_at=ticket.closed_at,
        is_late=_is_late(ticket, now),
        may_open=user.may(view_permission(department)),
    )


def _is_late(ticket: Ticket, now: datetime) -> bool:
    # The goal of what is on hold moves on meanwhile, unless its day was promised.
    if ticket.state == TicketState.HELD and not ticket.is_promised:
        return False
    return (ticket.closed_at or now) > ticket.due_at
