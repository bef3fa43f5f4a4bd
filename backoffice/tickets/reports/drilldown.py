"""The tickets behind a figure of the dashboards."""

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
    """Filters of a list of tickets; an empty value does not filter.

    `received_…` bounds the times of opening; `due_…` limits to what was due in a range, as
    `DueCount` says. `open_at` is a moment at which the tickets were open, `late` limits to tickets
    not finished in time, `returned` is the code of a return reason or `any`.
    """

    department: str = ""
    state: str = ""
    received_start: datetime | None = None
    received_end: datetime | None = None
    due_start: datetime | None = None
    due_end: datetime | None = None
    open_at: datetime | None = None
    late: bool = False
    returned: str = ""


def filter_tickets(
    criteria: TicketListFilter, departments: Collection[Department], now: datetime
) -> QuerySet[Ticket]:
    """Returns the departments' tickets that match."""
    rows = Ticket.objects.select_related("assignee").filter(
        department__in=[department.value for department in departments]
    )
    exact = {
        "department": criteria.department,
        "state": criteria.state,
        "created_at__gte": criteria.received_start,
        "created_at__lt": criteria.received_end,
        "due_at__lt": criteria.due_end,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if criteria.due_start or criteria.due_end or criteria.late:
        # As `due_statistics` counts: without tickets that were cancelled in time or are on hold.
        rows = (
            rows.filter(due_at__lt=now)
            .exclude(state=TicketState.CANCELLED, closed_at__lte=F("due_at"))
            .exclude(state=TicketState.HELD, is_promised=False)
        )
    if criteria.due_start:
        was_late = Q(closed_at__gte=criteria.due_start, closed_at__gt=F("due_at"))
        rows = rows.filter(Q(due_at__gte=criteria.due_start) | Q(closed_at__isnull=True) | was_late)
    if criteria.late:
        rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))
    if criteria.open_at:
        # A ticket opened or closed at the moment itself belongs to the span that begins then.
        rows = rows.filter(created_at__lt=criteria.open_at).filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=criteria.open_at)
        )
    if criteria.returned:
        questions = TicketQuestion.objects.filter(ticket=OuterRef("pk"))
        if criteria.returned != "any":
            questions = questions.filter(reason=criteria.returned)
        rows = rows.filter(Exists(questions))
    return rows


@dataclass(frozen=True, kw_only=True)
class ListedTicket:
    """A ticket in a list of the dashboards; `may_open` is whether the user may see its page."""

    number: str
    subject: str
    department: Department
    state: TicketState
    assignee: str
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    is_late: bool
    may_open: bool


def listed(user: User, ticket: Ticket, now: datetime) -> ListedTicket:
    """Returns the list's row for a ticket."""
    department = Department(ticket.department)
    return ListedTicket(
        number=ticket.number,
        subject=ticket.subject,
        department=department,
        state=TicketState(ticket.state),
        assignee=ticket.assignee.full_name if ticket.assignee else "",
        received_at=ticket.created_at,
        due_at=ticket.due_at,
        closed_at=ticket.closed_at,
        is_late=_is_late(ticket, now),
        may_open=user.may(view_permission(department)),
    )


def _is_late(ticket: Ticket, now: datetime) -> bool:
    # A hold moves the due time, unless the day was promised.
    if ticket.state == TicketState.HELD and not ticket.is_promised:
        return False
    return (ticket.closed_at or now) > ticket.due_at
