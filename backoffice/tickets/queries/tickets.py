"""Everything that the pages and the API read of the work queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from backoffice.tickets.models import Ticket, TicketPeriod, TicketQuerySet, TicketQuestion
from backoffice.tickets.queries.filters import TABS, QueueFilter, tab_condition
from backoffice.tickets.states import OPEN_STATES, TicketState
from officeflow.company.queries import day_bounds, get_office, office_date
from officeflow.permissions import Department, direct_permission, view_permission, work_permission
from officeflow.staff.models import User
from officeflow.ui.paging import flipped, following, has_place

# A row's time of change is not the order of its commit: a change that committed late can hide
# behind a later one. The version therefore also turns with this clock.
COARSE_CLOCK = timedelta(seconds=30)


def visible_tickets(user: User) -> TicketQuerySet:
    """The tickets that the person may see, with their assignees."""
    return Ticket.objects.visible_to(user).select_related("assignee", "site")


def may_view(user: User, department: Department) -> bool:
    """Whether the person may see a department's queue."""
    return user.may(view_permission(department))


def may_work(user: User, department: Department | str) -> bool:
    """Whether the person may take and complete a department's tickets."""
    return user.may(work_permission(Department(department)))


def may_direct(user: User, department: Department | str) -> bool:
    """Whether the person leads a department: assigns and prioritises its tickets."""
    return user.may(direct_permission(Department(department)))


def workers(department: Department | str) -> QuerySet[User]:
    """The people who work in a department now, by name."""
    permission = work_permission(Department(department))
    return User.objects.holding(permission).order_by("full_name", "pk")


def viewers(department: Department | str) -> QuerySet[User]:
    """The people who see a department's tickets now, by name; comments may mention them."""
    permission = view_permission(Department(department))
    return User.objects.holding(permission).order_by("full_name", "pk")


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What a person can do with a ticket now; templates ask this, never the state."""

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
        """Whether there is a button to show at all."""
        return any(getattr(self, field.name) for field in fields(self))


def abilities(user: User, ticket: Ticket) -> Abilities:
    """What the person can do with the ticket as it stands."""
    works, leads = may_work(user, ticket.department), may_direct(user, ticket.department)
    mine = works and ticket.assignee_id == user.pk
    holds = mine and ticket.state == TicketState.TAKEN
    in_hands = ticket.is_open and ticket.assignee_id is not None
    return Abilities(
        take=works and ticket.state == TicketState.WAITING,
        untake=holds,
        return_=holds,
        complete=holds,
        hold=holds,
        resume=mine and ticket.is_on_hold,
        take_over=works and in_hands and not mine,
        reassign=ticket.is_open and (leads or (mine and in_hands)),
        prioritise=ticket.is_open and (leads or mine),
    )


# --- one ticket -------------------------------------------------------------------------------


def periods_of(ticket: Ticket) -> list[TicketPeriod]:
    """The ticket's periods, oldest first."""
    return list(ticket.periods.select_related("assignee", "actor").order_by("started_at", "pk"))


def questions_of(ticket: Ticket) -> list[TicketQuestion]:
    """The ticket's questions to the desk, oldest first."""
    return list(ticket.questions.select_related("asked_by").order_by("asked_at", "pk"))


def related_tickets(user: User, ticket: Ticket) -> list[Ticket]:
    """The other tickets about the same order or complaint that the person may see."""
    return list(
        visible_tickets(user).filter(subject=ticket.subject).exclude(pk=ticket.pk).order_by("pk")
    )


def ticket_version(ticket: Ticket) -> str:
    """A text that changes whenever the ticket does."""
    return f"{ticket.pk}.{ticket.version}.{ticket.comment_count}.{coarse_clock(timezone.now())}"


# --- the queue --------------------------------------------------------------------------------


def queue(*, user: User, department: Department, filters: QueueFilter) -> QuerySet[Ticket]:
    """A department's tickets as the filters ask for them, unsorted."""
    return filters.narrow(visible_tickets(user).of(department))


def count_up_to(rows: QuerySet[Ticket], most: int) -> int:
    """How many rows there are; one more than `most` when there are more."""
    return rows.order_by()[: most + 1].count()


def neighbour(
    *, user: User, department: Department, filters: QueueFilter, ticket: Ticket, step: int
) -> Ticket | None:
    """The ticket after (step 1) or before (step -1) one in the order of a queue.

    The ticket itself need not be in that queue any more, as when it was just taken from it.
    """
    if not has_place(ticket, filters.order):  # such as when it was closed, for an open one
        return None
    order = [key if step > 0 else flipped(key) for key in filters.order]
    rows = queue(user=user, department=department, filters=filters)
    return following(rows, ticket, order).first()


def tab_counts(*, user: User, department: Department) -> dict[str, int]:
    """How many tickets each tab holds; of `done`, only those of the office's today."""
    office = get_office()
    today, _ = day_bounds(office_date(office=office), office)
    counted: dict[str, int] = (
        Ticket.objects.visible_to(user)
        .of(department)
        # Put so that each half has its partial index, however many tickets are done.
        .filter(Q(state__in=OPEN_STATES) | Q(closed_at__gte=today))
        .aggregate(
            **{
                tab: Count("pk", filter=tab_condition(tab, user))
                for tab in TABS
                if tab not in ("done", "all")
            },
            done=Count("pk", filter=Q(closed_at__gte=today)),
        )
    )
    return counted


def queue_version(department: Department) -> str:
    """A text that changes whenever one of the department's tickets does; one indexed query.

    It also turns every half minute (`COARSE_CLOCK`), so that a change which it missed shows then.
    """
    latest = (
        Ticket.objects.of(department)
        .order_by("-changed_at")
        .values_list("changed_at", flat=True)
        .first()
    )
    mark = latest.timestamp() if latest else 0
    return f"{mark:.6f}.{coarse_clock(timezone.now())}"


def coarse_clock(now: datetime) -> int:
    """A number that rises by one every `COARSE_CLOCK`."""
    return int(now.timestamp() // COARSE_CLOCK.total_seconds())


def waiting_counts(user: User) -> Mapping[str, int]:
    """How many tickets wait in each department that the person sees; one query a request.

    Kept on the user object, which lives as long as its request.
    """
    kept: dict[str, int] | None = user.__dict__.get("_waiting_tickets")
    if kept is None:
        kept = dict(
            Ticket.objects.visible_to(user)
            .filter(state=TicketState.WAITING)
            .order_by()
            .values_list("department")
            .annotate(Count("pk"))
        )
        user.__dict__["_waiting_tickets"] = kept
    return kept
