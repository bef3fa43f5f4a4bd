"""Everything that the pages and the API read of the work queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from backoffice.tickets.models import Exchange, Ticket, TicketPeriod, TicketQuerySet
from backoffice.tickets.states import IN_WORK_STATES, OPEN_STATES, TicketState
from officeflow.company.queries import day_bounds, get_office, office_date
from officeflow.staff.models import User
from officeflow.staff.permissions import Department, view_permission, work_permission

TABS = ("waiting", "mine", "in_work", "returned", "done")
PAGE_SIZE = 50
# A row's time of change is not the order of its commit: a change that committed late can hide
# behind a later one. The version therefore also turns with this clock.
COARSE_CLOCK = timedelta(seconds=30)


def visible_tickets(user: User) -> TicketQuerySet:
    """The tickets that the person may see, with who has them."""
    return Ticket.objects.visible_to(user).select_related("assignee", "site")


def may_view(user: User, department: Department) -> bool:
    """Whether the person may see a department's queue."""
    return user.may(view_permission(department))


def may_work(user: User, department: Department | str) -> bool:
    """Whether the person may take and complete a department's tickets."""
    return user.may(work_permission(Department(department)))


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What one person can do with one ticket now; the pages ask this, never a state."""

    take: bool
    untake: bool
    return_: bool
    complete: bool

    @property
    def anything(self) -> bool:
        """Whether there is a button to show at all."""
        return self.take or self.untake or self.return_ or self.complete


def abilities(user: User, ticket: Ticket) -> Abilities:
    """What the person can do with the ticket as it stands."""
    works = may_work(user, ticket.department)
    holds = works and ticket.state == TicketState.TAKEN and ticket.assignee_id == user.pk
    return Abilities(
        take=works and ticket.state == TicketState.WAITING,
        untake=holds,
        return_=holds,
        complete=holds,
    )


# --- one ticket -------------------------------------------------------------------------------


def periods_of(ticket: Ticket) -> list[TicketPeriod]:
    """Who had it in which state, oldest first."""
    return list(ticket.periods.select_related("assignee", "actor").order_by("started_at", "pk"))


def exchanges_of(ticket: Ticket) -> list[Exchange]:
    """What was asked of the desk and answered, oldest first."""
    return list(ticket.exchanges.select_related("asked_by").order_by("asked_at", "pk"))


def related_tickets(user: User, ticket: Ticket) -> list[Ticket]:
    """The other tickets about the same order or complaint that the person may see."""
    return list(
        visible_tickets(user).filter(subject=ticket.subject).exclude(pk=ticket.pk).order_by("pk")
    )


def ticket_version(ticket: Ticket) -> str:
    """What changes whenever the ticket does."""
    return f"{ticket.pk}.{ticket.version}.{coarse_clock(timezone.now())}"


# --- the queue --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of a queue; `next_after` is the key at which the following page begins, or empty."""

    tickets: list[Ticket]
    next_after: str


def queue(
    *, user: User, department: Department, tab: str = "waiting", after: str = ""
) -> QueuePage:
    """A department's tickets of one tab: oldest due first, or for `done` newest first.

    `after` is the `next_after` of the page before; one that cannot be read begins at the start.
    """
    tickets = visible_tickets(user).of(department)
    key = _read_key(after)
    if tab == "done":
        tickets = tickets.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
        if key:
            at, pk = key
            tickets = tickets.filter(Q(closed_at__lt=at) | Q(closed_at=at, pk__lt=pk))
    else:
        tickets = tickets.filter(_tab_filter(tab, user)).next_first()
        if key:
            at, pk = key
            tickets = tickets.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk))
    found = list(tickets[: PAGE_SIZE + 1])
    page, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    last = page[-1] if more else None
    next_after = ""
    if last is not None:
        at = last.closed_at if tab == "done" and last.closed_at else last.due_at
        next_after = f"{at.isoformat()}_{last.pk}"
    return QueuePage(tickets=page, next_after=next_after)


def _tab_filter(tab: str, user: User) -> Q:
    if tab == "mine":
        return Q(state__in=IN_WORK_STATES, assignee=user)
    if tab == "in_work":
        return Q(state__in=IN_WORK_STATES)
    if tab == "returned":
        return Q(state=TicketState.RETURNED)
    return Q(state=TicketState.WAITING)


def _read_key(after: str) -> tuple[datetime, int] | None:
    moment, _, pk = after.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        key = int(pk)
    except ValueError:
        return None
    if at.tzinfo is None or not 0 <= key < 2**63:
        return None
    return at, key


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
            **{tab: Count("pk", filter=_tab_filter(tab, user)) for tab in TABS if tab != "done"},
            done=Count("pk", filter=Q(closed_at__gte=today)),
        )
    )
    return counted


def queue_version(department: Department) -> str:
    """What changes whenever one of the department's tickets does, by one indexed query.

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
