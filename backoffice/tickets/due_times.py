"""By when a ticket should be done: all rules of due times.

An order with a wanted-by date: when the office closes on that day, because the customer was
promised it. Everything else: within the department's goal (`ServiceGoal`), counted in opening
time from when it was placed, asked for or raised, so that a complaint of Friday evening is not
late on Monday morning. What another system took counts from the import of its file: nobody could
work on it before. An office without opening hours works round the clock.

Time on hold does not count against a goal: when the hold ends, the due time moves by as much
opening time as it lasted. Time with the desk does count, since it is the office's own; and a day
that the customer was promised does not move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from backoffice.tickets.models import ServiceGoal, Ticket
from backoffice.tickets.states import Severity, TicketKind
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
# What holds where an office has set no goal: minutes of opening time.
USUAL_MINUTES = 8 * 60
USUAL_COMPLAINT_MINUTES = {Severity.HIGH: 4 * 60, Severity.NORMAL: 8 * 60, Severity.LOW: 24 * 60}


@dataclass(frozen=True)
class DueTime:
    """By when, and whether the customer was promised that day."""

    at: datetime
    is_promised: bool = False


def order_due_times(asked: Iterable[tuple[datetime, date | None]]) -> list[DueTime]:
    """When the goods of orders should be ready or on their way.

    Of each: since when it is known, and the day that the customer was promised, if any.
    """
    goal = _goal(Department.FULFILMENT, TicketKind.ORDER, "")
    with cached_office(get_office()) as office:
        return [
            DueTime(closing_time(day), is_promised=True)
            if day
            else DueTime(add_working_time(known_at, goal, office=office))
            for known_at, day in asked
        ]


def put_back_due_time(asked_at: datetime) -> DueTime:
    """When goods should be on their shelf again."""
    return DueTime(_within(Department.FULFILMENT, TicketKind.PUT_BACK, "", asked_at))


def complaint_due_time(department: Department, known_at: datetime, severity: str) -> DueTime:
    """When a complaint should be answered; a severity that is not known counts as normal."""
    return DueTime(_within(department, TicketKind.COMPLAINT, known_severity(severity), known_at))


def known_severity(severity: str) -> Severity:
    """The severity as we know it."""
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
        minutes = USUAL_COMPLAINT_MINUTES[Severity(severity)] if severity else USUAL_MINUTES
    return timedelta(minutes=minutes)


def closing_time(day: date) -> datetime:
    """When the office closes on a day; at `BUSINESS_ENDS` on one on which it does not open."""
    office = get_office()
    spans = calendar_of(office).spans(day)
    if spans:
        return spans[-1][1]
    return datetime.combine(day, BUSINESS_ENDS, tzinfo=office.zone).astimezone(UTC)


def opening_time(day: date) -> datetime:
    """When the office opens on a day; at `BUSINESS_BEGINS` on one on which it does not open."""
    office = get_office()
    spans = calendar_of(office).spans(day)
    if spans:
        return spans[0][0]
    return datetime.combine(day, BUSINESS_BEGINS, tzinfo=office.zone).astimezone(UTC)


def next_open_day(after: date) -> date:
    """The next day on which the office opens; the next day at all while it has no hours."""
    calendar = calendar_of(get_office())
    day = after + timedelta(days=1)
    for _day in range(MAX_DAYS_CLOSED if calendar.hours else 0):
        if calendar.spans(day):
            return day
        day += timedelta(days=1)
    return after + timedelta(days=1)


def after_hold(ticket: Ticket, held_at: datetime, ended_at: datetime) -> datetime:
    """The due time of a ticket that was on hold between two moments."""
    if ticket.is_promised:
        return ticket.due_at
    office = get_office()
    held = working_time_between(held_at, ended_at, office=office)
    # What was late before it was held stays late by as much.
    return add_working_time(ticket.due_at, held, office=office)
