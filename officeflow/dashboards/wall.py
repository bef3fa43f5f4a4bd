"""The wall: how work crosses between the wings, on one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from backoffice.tickets.reports import DepartmentFigures, department_figures
from frontdesk.reports import DeskFigures, desk_figures
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.dashboards import breaks
from officeflow.dashboards.masks import Shown, shown_to
from officeflow.handoff import queries
from officeflow.handoff.models import Destination
from officeflow.handoff.queries import Balance, Clocks, DestinationLine
from officeflow.staff.models import User
from officeflow.staff.permissions import Department

DEAD_ON_THE_WALL = 8
# A change that no count shows (a clock that runs on, a ticket that passes from one person to
# another) is on the wall after this many seconds at the latest.
LATEST_SECONDS = 20
NO_CLOCKS = Clocks(delivered_p50=None, delivered_p95=None, accepted_p50=None, accepted_p95=None)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One destination: what waits in the corridor, and what became of what has arrived.

    `to_take` are tickets that nobody has taken, at the front desk questions without an answer.
    None where there is no such thing.
    """

    destination: Destination
    waiting: int
    to_take: int | None
    in_work: int | None
    returned: int | None
    dead: int
    oldest_at: datetime | None
    clocks: Clocks


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
        broken_effects=breaks.count_recent_effect_breaks(),
        lines=_lines(
            queries.destination_lines(start, end), department_figures(moment), desk_figures()
        ),
        dead=[shown_to(user, handoff) for handoff in dead[:DEAD_ON_THE_WALL]],
    )


def version(now: datetime | None = None) -> tuple[Any, ...]:
    """Changes when the wall may have: three small queries, whatever the corridor has seen."""
    moment = now or timezone.now()
    departments = department_figures(moment)
    return (
        *queries.corridor_version(),
        *departments.values(),
        desk_figures(),
        int(moment.timestamp()) // LATEST_SECONDS,
    )


def _lines(
    corridor: dict[str, DestinationLine],
    departments: dict[Department, DepartmentFigures],
    desk: DeskFigures,
) -> list[Line]:
    lines = []
    for destination in Destination:
        row = corridor.get(destination)
        work: tuple[int | None, int | None, int | None]
        oldest: datetime | None
        if destination == Destination.FRONTDESK:
            work = (desk.questions, None, None)
            oldest = desk.oldest_question_at
        elif destination.value not in Department.values:
            work, oldest = (None, None, None), None  # nobody works on a ticket there
        else:
            figures = departments[Department(destination.value)]
            work = (figures.waiting, figures.in_work, figures.returned)
            oldest = figures.oldest_waiting_at
        to_take, in_work, returned = work
        lines.append(
            Line(
                destination=destination,
                waiting=row.waiting if row else 0,
                to_take=to_take,
                in_work=in_work,
                returned=returned,
                dead=row.dead if row else 0,
                oldest_at=_earliest([oldest, row.oldest_at if row else None]),
                clocks=row.clocks if row else NO_CLOCKS,
            )
        )
    return lines


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
