"""The rules of due times.

An order with a wanted-by date is due when the office closes on that day, which was promised to the
customer. Other work is due within the department's goal (`ServiceGoal`), counted in opening time
from when it was ordered, cancelled or raised, or from the import for imported records. So a
complaint of Friday evening is not late on Monday morning. An office without opening hours works
round the clock.

Time on hold does not count against a goal: at the end of a hold the due time moves by the opening
time that the hold lasted. Time with the desk counts, and a promised day does not move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from backoffice.tickets.models import ServiceGoal, Ticket
from backoffice.tickets.states import Severity, TicketKind
from officeflow import limits
from officeflow.company.queries import cached_office, get_office
from officeflow.company.working_time import (
    add_working_time,
    calendar_of,
    working_time_between,
)
from officeflow.permissions import Department

BUSINESS_BEGINS = time(9, 0)
BUSINESS_ENDS = time(17, 0)
MAX_DAYS_CLOSED = 60
# The goals of a new office and of missing rows, in minutes of opening time.
DEFAULT_MINUTES = 8 * 60
DEFAULT_COMPLAINT_MINUTES = {Severity.HIGH: 4 * 60, Severity.NORMAL: 8 * 60, Severity.LOW: 24 * 60}


@dataclass(frozen=True)
class DueTime:
    """When a ticket is due, and whether that day was promised to the customer."""

    at: datetime
    is_promised: bool = False


def order_due_times(orders: Iterable[tuple[datetime, date | None]]) -> list[DueTime]:
    """Returns when the goods of orders should be ready or shipped.

    `orders` has for each order since when it is known, and its wanted-by date or None.
    """
    goal = _goal(Department.FULFILMENT, TicketKind.ORDER, "")
    with cached_office(get_office()) as office:
        return [
            DueTime(closing_time(day), is_promised=True)
            if day
            else DueTime(add_working_time(known_at, goal, office=office))
            for known_at, day in orders
        ]


def put_back_due_time(asked_at: datetime) -> DueTime:
    """Returns when goods should be put back."""
    return DueTime(_within(Department.FULFILMENT, TicketKind.PUT_BACK, "", asked_at))


def complaint_due_time(department: Department, known_at: datetime, severity: str) -> DueTime:
    """Returns when a complaint should be answered; an unknown severity counts as normal."""
    return DueTime(_within(department, TicketKind.COMPLAINT, known_severity(severity), known_at))


def known_severity(severity: str) -> Severity:
    """Returns the severity of a contract; normal for a value of a newer version."""
    return Severity(severity) if severity in Severity.values else Severity.NORMAL


def _within(department: Department, kind: TicketKind, severity: str, since: datetime) -> datetime:
    return add_working_time(since, _goal(department, kind, severity), office=get_office())


def _goal(department: Department, kind: TicketKind, severity: str) -> timedelta:
    minutes = (
        ServiceGoal.objects.filter(department=department, kind=kind, severity=severity)
        .values_list("minutes", flat=True)
        .first()
    )
    if minutes is None:
        minutes = DEFAULT_COMPLAINT_MINUTES[Severity(severity)] if severity else DEFAULT_MINUTES
    return timedelta(minutes=minutes)


def closing_time(day: date) -> datetime:
    """Returns when the office closes on a day; `BUSINESS_ENDS` on a day when it is closed."""
    office, day = get_office(), limits.within(day)
    spans = calendar_of(office).spans(day)
    if spans:
        return spans[-1][1]
    return datetime.combine(day, BUSINESS_ENDS, tzinfo=office.zone).astimezone(UTC)


def opening_time(day: date) -> datetime:
    """Returns when the office opens on a day; `BUSINESS_BEGINS` on a day when it is closed."""
    office, day = get_office(), limits.within(day)
    spans = calendar_of(office).spans(day)
    if spans:
        return spans[0][0]
    return datetime.combine(day, BUSINESS_BEGINS, tzinfo=office.zone).astimezone(UTC)


def next_open_day(after: date) -> date:
    """Returns the next day on which the office opens; without opening hours, the next day."""
    calendar = calendar_of(get_office())
    day = after + timedelta(days=1)
    for _day in range(MAX_DAYS_CLOSED if calendar.hours else 0):
        if calendar.spans(day):
            return day
        day += timedelta(days=1)
    return after + timedelta(days=1)


def after_hold(ticket: Ticket, held_at: datetime, ended_at: datetime) -> datetime:
    """Returns the due time of a ticket after a hold."""
    if ticket.is_promised:
        return ticket.due_at
    office = get_office()
    held = working_time_between(held_at, ended_at, office=office)
    # A ticket that was late before the hold stays late by the same time.
    return add_working_time(ticket.due_at, held, office=office)
