"""The wall: how work crosses between the wings, on one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from backoffice.tickets import reports as tickets
from backoffice.tickets.reports import DepartmentFigures, department_figures
from frontdesk import reports as frontdesk
from frontdesk.reports import DeskFigures, desk_figures
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.dashboards import consistency, links
from officeflow.dashboards.visibility import Shown, shown_to
from officeflow.handoff import queries
from officeflow.handoff.models import Destination
from officeflow.handoff.queries import Balance, Clocks, DestinationLine
from officeflow.permissions import Department, Permission, view_permission
from officeflow.staff.models import User

DEAD_ON_THE_WALL = 8
# A change that no count shows (a clock that runs on, a ticket that passes from one person to
# another) is on the wall after this many seconds at the latest.
LATEST_SECONDS = 20
NO_CLOCKS = Clocks(delivered_p50=None, delivered_p95=None, accepted_p50=None, accepted_p95=None)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One destination: what waits in the corridor, and what became of what has arrived.

    `to_take` are tickets that nobody has taken, at the front desk questions without an answer.
    None where there is no such thing. `may_open` says whether the person may see its queue.
    """

    destination: Destination
    waiting: int
    to_take: int | None
    in_work: int | None
    held: int | None
    returned: int | None
    late: int | None
    dead: int
    oldest_at: datetime | None
    clocks: Clocks
    may_open: bool

    def queue_url(self, **filters: str) -> str:
        """The queue behind a number; empty for those who may not see it."""
        return links.queue(self.destination.value, **filters) if self.may_open else ""

    @property
    def to_take_url(self) -> str:
        """What nobody has taken; at the desk, what it is asked."""
        if self.destination == Destination.FRONTDESK:
            return links.counter() if self.may_open else ""
        return self.queue_url(tab="waiting")

    @property
    def in_work_url(self) -> str:
        """What somebody has in hand."""
        return self.queue_url(tab="in_work")

    @property
    def held_url(self) -> str:
        """What is on hold."""
        return self.queue_url(tab="held")

    @property
    def returned_url(self) -> str:
        """What is with the desk."""
        return self.queue_url(tab="returned")

    @property
    def late_url(self) -> str:
        """What should have been done by now."""
        return self.queue_url(tab="all", late="1")

    @property
    def waiting_url(self) -> str:
        """What has not crossed yet."""
        return links.to("handoff-list", destination=self.destination.value, state="waiting")

    @property
    def dead_url(self) -> str:
        """What needs an operator."""
        return links.to("handoff-list", destination=self.destination.value, state="dead")


@dataclass(frozen=True, kw_only=True)
class Wall:
    """Everything on the wall at one moment."""

    balance: Balance
    broken_effects: int
    lines: list[Line]
    dead: list[Shown]

    @property
    def whole(self) -> bool:
        """Whether nothing is lost: the equation comes out, and every effect is there once."""
        return self.balance.balanced and not self.broken_effects

    @property
    def more_dead(self) -> int:
        """How many dead ones there is no room for."""
        return max(0, self.balance.dead - len(self.dead))


def build(user: User, office: Office | None, now: datetime | None = None) -> Wall:
    """The wall for one person; the clocks are of what was posted on the office's day."""
    moment = now or timezone.now()
    if office is not None:
        start, end = day_bounds(office_date(moment, office), office)
    else:
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        end = moment
    dead = queries.dead_handoffs().select_related("posted_by", "accepted_by")
    return Wall(
        balance=queries.balance(),
        broken_effects=consistency.count_recent_effect_breaks(),
        lines=_lines(
            user, queries.destination_lines(start, end), department_figures(moment), desk_figures()
        ),
        dead=[shown_to(user, handoff) for handoff in dead[:DEAD_ON_THE_WALL]],
    )


def version(now: datetime | None = None) -> tuple[Any, ...]:
    """Changes when the wall may have: one query, and a clock for what no query shows."""
    moment = now or timezone.now()
    return (*happened(), int(moment.timestamp()) // LATEST_SECONDS)


def happened() -> tuple[Any, ...]:
    """Changes when anything happens that the gallery counts: one query over indexes."""
    return queries.corridor_version(tickets.version_sql(), frontdesk.version_sql())


def _lines(
    user: User,
    corridor: dict[str, DestinationLine],
    departments: dict[Department, DepartmentFigures],
    desk: DeskFigures,
) -> list[Line]:
    lines = []
    for destination in Destination:
        row = corridor.get(destination)
        department = next((d for d in Department if d.value == destination.value), None)
        # Nobody works on a ticket at the desk, nor where mail leaves the house.
        work = departments[department] if department else None
        is_desk = destination == Destination.FRONTDESK
        oldest = work.oldest_waiting_at if work else None
        if is_desk:
            oldest = desk.oldest_question_at
        lines.append(
            Line(
                destination=destination,
                waiting=row.waiting if row else 0,
                to_take=desk.questions if is_desk else (work.waiting if work else None),
                in_work=work.in_work if work else None,
                held=work.held if work else None,
                returned=work.returned if work else None,
                late=work.overdue if work else None,
                dead=row.dead if row else 0,
                oldest_at=_earliest([oldest, row.oldest_at if row else None]),
                clocks=row.clocks if row else NO_CLOCKS,
                may_open=user.may(view_permission(department))
                if department
                else is_desk and user.may(Permission.VIEW_DESK),
            )
        )
    return lines


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
