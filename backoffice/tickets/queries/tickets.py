"""Tickets, the queue, and what a user may do with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext

from backoffice.tickets.hooks import hooks_of
from backoffice.tickets.models import (
    Resolution,
    Ticket,
    TicketQuerySet,
)
from backoffice.tickets.queries.filters import ORDERS, QueueFilter
from backoffice.tickets.states import ASSIGNED_STATES, Priority, TicketKind, TicketState
from officeflow.company.queries import day_bounds, get_office, office_date, undo_runs
from officeflow.parts import Parts, load_parts
from officeflow.permissions import Department, direct_permission, view_permission, work_permission
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.held_work import HeldWork
from officeflow.staff.models import User
from officeflow.ui.counts import LIMIT
from officeflow.ui.paging import flipped, following, has_place

# For pages of any department's queue; the querysets decide which tickets are shown.
VIEW_ANY_QUEUE = tuple(view_permission(department) for department in Department)
# `changed_at` is not in the order of commits: a change that commits late is older than another one
# that was already seen. Versions therefore also change with this clock.
COARSE_CLOCK = timedelta(seconds=30)
HISTORY: Parts = {
    "periods": ("assignee", "actor"),
    "questions": ("asked_by",),
    "comments": ("author",),
    "priority_changes": ("actor",),
}


def visible_tickets(user: User) -> TicketQuerySet:
    """Returns the tickets that the user may see, with assignees and sites."""
    return Ticket.objects.visible_to(user).select_related("assignee", "site")


def visible_ticket(user: User, number: str) -> Ticket | None:
    """Returns the ticket with a number if the user may see it."""
    departments = user.departments()
    if not departments:
        return None
    for row in read_rows(_of_departments(len(departments)), [*departments, number]):
        ticket: Ticket
        (ticket,) = records_of(row, Ticket)
        return ticket
    return None


@cache
def _of_departments(count: int) -> str:
    """Returns the SQL of the ticket in one of some departments, with a number."""
    return sql_of(Ticket.objects.of_any(map(str, range(count))).filter(number=""))


def may_view(user: User, department: Department) -> bool:
    """Returns whether the user may see a department's queue."""
    return user.may(view_permission(department))


def may_work(user: User, department: Department | str) -> bool:
    """Returns whether the user may take and complete a department's tickets."""
    return user.may(work_permission(Department(department)))


def may_direct(user: User, department: Department | str) -> bool:
    """Returns whether the user leads a department: may assign and prioritise its tickets."""
    return user.may(direct_permission(Department(department)))


def workers(department: Department | str) -> QuerySet[User]:
    """Returns the users who work in a department now, by name."""
    permission = work_permission(Department(department))
    return User.objects.holding(permission).order_by("full_name", "pk")


def viewers(department: Department | str) -> QuerySet[User]:
    """Returns the users who may see a department's tickets now, by name."""
    permission = view_permission(Department(department))
    return User.objects.holding(permission).order_by("full_name", "pk")


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What a user can do with a ticket now; templates use this instead of the state."""

    take: bool
    untake: bool
    return_: bool
    complete: bool
    hold: bool
    resume: bool
    take_over: bool
    reassign: bool
    prioritise: bool

    @property
    def anything(self) -> bool:
        """Whether the user can do anything with the ticket."""
        return any(getattr(self, field.name) for field in fields(self))


def abilities(user: User, ticket: Ticket) -> Abilities:
    """Returns what the user can do with the ticket in its current state."""
    works, leads = may_work(user, ticket.department), may_direct(user, ticket.department)
    mine = works and ticket.assignee_id == user.pk
    has_taken = mine and ticket.state == TicketState.TAKEN
    is_assigned = ticket.is_open and ticket.assignee_id is not None
    return Abilities(
        take=works and ticket.state == TicketState.WAITING,
        untake=has_taken,
        return_=has_taken,
        complete=has_taken,
        hold=has_taken,
        resume=mine and ticket.is_on_hold,
        take_over=works and is_assigned and not mine,
        reassign=ticket.is_open
        and (leads or (mine and is_assigned))
        and (is_assigned or ticket.state == TicketState.WAITING),
        prioritise=ticket.is_open and (leads or mine),
    )


def held_tickets(person: User, departments: Collection[Department]) -> list[HeldWork]:
    """Returns a person's open tickets in the departments, oldest first; of HR's only the state."""
    tickets = Ticket.objects.filter(
        assignee=person, state__in=ASSIGNED_STATES, department__in=departments
    ).order_by("department", "pk")
    return [
        HeldWork(
            department=Department(ticket.department),
            state=TicketState(ticket.state),
            number="" if ticket.department == Department.HR else ticket.number,
            about="" if ticket.department == Department.HR else ticket.subject,
        )
        for ticket in tickets.only("department", "state", "number", "subject")
    ]


def why_not_reopen(ticket: Ticket) -> str:
    """Returns why a ticket cannot be reopened now; empty when it can be."""
    if ticket.state != TicketState.COMPLETED:
        return gettext("Only a completed ticket can be reopened.")
    undo = undo_runs(ticket.closed_at, timezone.now())
    return str(hooks_of(ticket.department).why_not_reopen(ticket, undo))


def can_undo(user: User, ticket: Ticket) -> bool:
    """Returns whether the user has just completed the ticket and needs no reason to reopen it."""
    return ticket.assignee_id == user.pk and undo_runs(ticket.closed_at, timezone.now())


def withdrawn_answer(ticket: Ticket) -> dict[str, str]:
    """Returns the outcome and the message of a complaint's withdrawn answer, if there is one."""
    found = Resolution.objects.filter(ticket=ticket, withdrawn_at__isnull=False).first()
    return {"outcome": found.outcome, "message": found.message} if found else {}


# --- one ticket -------------------------------------------------------------------------------


def with_history(ticket: Ticket) -> Ticket:
    """Returns the ticket after loading what its timeline shows, each kind oldest first."""
    load_parts(ticket, HISTORY)
    return ticket


def answer_to(ticket: Ticket) -> Resolution | None:
    """Returns the answer to a complaint, unless the department has withdrawn it."""
    return Resolution.objects.filter(ticket=ticket, withdrawn_at__isnull=True).first()


def related_tickets(user: User, ticket: Ticket) -> list[Ticket]:
    """Returns other tickets about the same order or complaint that the user may see."""
    others = Ticket.objects.visible_to(user).filter(subject=ticket.subject)
    return list(others.exclude(pk=ticket.pk).order_by("pk"))


def earlier_answers(ticket: Ticket) -> list[Resolution]:
    """Returns the answers to a complaint before it was reopened, oldest first, with their tickets.

    Of tickets in the same department; HR's cases have a list of their own.
    """
    return list(
        Resolution.objects.filter(
            ticket__subject=ticket.subject,
            ticket__department=ticket.department,
            ticket__kind=TicketKind.COMPLAINT,
            ticket_id__lt=ticket.pk,
        )
        .select_related("ticket__brief")
        .order_by("ticket_id")
    )


def ticket_version(ticket: Ticket) -> str:
    """Returns a text that changes with the ticket, and with `COARSE_CLOCK`."""
    return f"{ticket.pk}.{ticket.version}.{ticket.comment_count}.{coarse_clock(timezone.now())}"


# --- the queue --------------------------------------------------------------------------------


def queue(*, user: User, department: Department, filters: QueueFilter) -> QuerySet[Ticket]:
    """Returns a department's tickets that match the filters, unsorted."""
    return filters.narrow(queue_rows(user, department))


def queue_rows(user: User, department: Department) -> TicketQuerySet:
    """Returns all tickets of a department, with what the queue sorts them by."""
    office = get_office()
    _start, end_of_day = day_bounds(office_date(office=office), office)
    return visible_tickets(user).of(department).with_promised_rank(end_of_day)


def count_up_to(rows: QuerySet[Ticket], most: int) -> int:
    """Returns the number of rows, at most `most` + 1."""
    return rows.order_by()[: most + 1].count()


def neighbour(
    *, user: User, department: Department, filters: QueueFilter, ticket: Ticket, step: int
) -> Ticket | None:
    """Returns the ticket after (step 1) or before (step -1) another in a queue, or None.

    The ticket itself may no longer match the filters, for example after it was taken.
    """
    ticket = queue_rows(user, department).get(pk=ticket.pk)
    if not has_place(ticket, filters.order):  # for example an open ticket in the order of closing
        return None
    order = [key if step > 0 else flipped(key) for key in filters.order]
    rows = queue(user=user, department=department, filters=filters)
    return following(rows, ticket, order).first()


# The tabs that show one state.
STATE_OF_TAB = {
    "waiting": TicketState.WAITING,
    "in_work": TicketState.TAKEN,
    "held": TicketState.HELD,
    "returned": TicketState.RETURNED,
}
# The next tickets of each priority, promised ones and others. Each half reads an index in its
# order and stops.
NEXT_TICKETS = """
    SELECT following.id FROM unnest(%s::smallint[]) AS priority (rank) CROSS JOIN LATERAL (
        (SELECT id FROM tickets_ticket
         WHERE department = %s AND state = %s AND rank = priority.rank AND is_promised
         ORDER BY due_at, id LIMIT %s)
        UNION ALL
        (SELECT id FROM tickets_ticket
         WHERE department = %s AND state = %s AND rank = priority.rank AND NOT is_promised
         ORDER BY due_at, id LIMIT %s)
    ) following
"""


def beginning(
    rows: QuerySet[Ticket], *, department: Department, filters: QueueFilter, size: int
) -> QuerySet[Ticket]:
    """Returns fewer of a queue's rows, among them the first `size` in the order of the filters.

    Without it the database would sort all waiting tickets, as what is promised for today comes
    first.
    """
    state = STATE_OF_TAB.get(filters.values["tab"])
    if state is None or filters.is_narrowed or filters.order != ORDERS["next"]:
        return rows
    half = [department.value, state.value, size]
    ranks = [priority.rank for priority in Priority]
    return rows.filter(pk__in=RawSQL(NEXT_TICKETS, [ranks, *half, *half]))  # noqa: S611  constant


TAB_CONDITIONS = {
    **{tab: f"state = '{state.value}'" for tab, state in STATE_OF_TAB.items()},
    "mine": "assignee_id = %(user)s AND state IN ('taken', 'held', 'returned')",
    "done": "closed_at >= %(today)s",
}
TAB_COUNT = """
    (SELECT count(*) FROM (SELECT FROM tickets_ticket
     WHERE department = %(department)s AND {condition} LIMIT %(limit)s) AS counted)
"""
TAB_COUNTS = ",".join(TAB_COUNT.format(condition=each) for each in TAB_CONDITIONS.values())
WAITING_COUNTS = """
    SELECT department,
           (SELECT count(*) FROM (SELECT FROM tickets_ticket ticket
            WHERE ticket.department = own.department AND state = 'waiting' LIMIT %s) AS counted)
    FROM unnest(%s::text[]) AS own (department)
"""


def tab_counts(*, user: User, department: Department) -> dict[str, int]:
    """Returns the number of tickets in each tab, at most `LIMIT`; in `done`, only those of today.

    In one query, which stops at the limit.
    """
    if not may_view(user, department):
        return {}
    office = get_office()
    today, _ = day_bounds(office_date(office=office), office)
    values: dict[str, Any] = {"department": department.value, "user": user.pk, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TAB_COUNTS}", {**values, "limit": LIMIT})
        return dict(zip(TAB_CONDITIONS, cursor.fetchone(), strict=True))


def queue_version(department: Department) -> str:
    """Returns a text that changes with the department's tickets, in one indexed query.

    It also changes with `COARSE_CLOCK`, so that a change that it missed shows then.
    """
    found = read_rows(
        "SELECT changed_at FROM tickets_ticket WHERE department = %s"
        " ORDER BY changed_at DESC LIMIT 1",
        [department.value],
    )
    latest = found[0][0] if found else None
    mark = latest.timestamp() if latest else 0
    return f"{mark:.6f}.{coarse_clock(timezone.now())}"


def coarse_clock(now: datetime) -> int:
    """Returns a number that rises by one every `COARSE_CLOCK`."""
    return int(now.timestamp() // COARSE_CLOCK.total_seconds())


def waiting_counts(user: User) -> Mapping[str, int]:
    """Returns the number of waiting tickets in each department that the user may see, at most
    `LIMIT`.

    Cached on the user object, which lives as long as its request.
    """
    kept: dict[str, int] | None = user.__dict__.get("_waiting_tickets")
    if kept is None:
        with connection.cursor() as cursor:
            departments = [department.value for department in user.departments()]
            cursor.execute(WAITING_COUNTS, [LIMIT, departments])
            kept = user.__dict__["_waiting_tickets"] = dict(cursor.fetchall())
    return kept
