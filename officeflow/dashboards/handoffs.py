"""The hand-offs dashboard: what waits, how fast hand-offs are delivered, what is stuck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.tickets import reports as tickets
from backoffice.tickets.reports import DepartmentStatistics, department_statistics
from frontdesk import reports as frontdesk
from frontdesk.reports import DeskFigures, desk_figures
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.dashboards import consistency, links
from officeflow.dashboards.visibility import VisibleHandoff, visible_handoff
from officeflow.handoff import equation, queries, reports
from officeflow.handoff.equation import Balance
from officeflow.handoff.models import Destination
from officeflow.handoff.reports import NO_CLOCKS, Clocks, DestinationLine
from officeflow.permissions import Department, Permission, view_permission
from officeflow.staff.models import User
from officeflow.workflow import State

MAX_DEAD_LISTED = 8
# A change that no count shows (a clock that runs on, a ticket that passes from one person to
# another) is shown after this many seconds at the latest.
MAX_AGE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class DestinationRow:
    """One destination: the hand-offs that wait, and the tickets that delivered ones became.

    `to_take` counts tickets that nobody has taken, at the front desk unanswered questions.
    None where a destination has no such thing. `may_open`: the person may see its queue.
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
        """The address of the queue; empty for those who may not see it."""
        return links.queue(self.destination.value, **filters) if self.may_open else ""

    @property
    def to_take_url(self) -> str:
        """The tickets that nobody has taken; at the desk, its questions."""
        if self.destination == Destination.FRONTDESK:
            return links.counter() if self.may_open else ""
        return self.queue_url(tab="waiting")

    @property
    def in_work_url(self) -> str:
        """The tickets that somebody works on."""
        return self.queue_url(tab="in_work")

    @property
    def held_url(self) -> str:
        """The tickets on hold."""
        return self.queue_url(tab="held")

    @property
    def returned_url(self) -> str:
        """The tickets returned to the desk."""
        return self.queue_url(tab="returned")

    @property
    def late_url(self) -> str:
        """The overdue tickets."""
        return self.queue_url(tab="all", late="1")

    @property
    def waiting_url(self) -> str:
        """The hand-offs not yet delivered."""
        return links.to("handoff-list", destination=self.destination.value, state="waiting")

    @property
    def dead_url(self) -> str:
        """The dead hand-offs."""
        return links.to("handoff-list", destination=self.destination.value, state="dead")


class Verdict(State):
    """What the dashboard says about all hand-offs and tickets together."""

    LOST = "lost", "bad", _("Something is lost or duplicated")
    STUCK = "stuck", "warn", _("Nothing is lost, but something is stuck")
    WELL = "well", "good", _("Nothing is lost, and nothing is stuck")

    @property
    def icon(self) -> str:
        """The name of the icon beside the words."""
        return {"lost": "alert", "stuck": "clock", "well": "check"}[self.value]


@dataclass(frozen=True, kw_only=True)
class HandoffsDashboard:
    """Everything that the hand-offs dashboard shows at one moment.

    `waiting_long` counts the hand-offs that have waited longer than `HANDOFF_STUCK_SECONDS`, and
    `stranded` the open tickets whose assignee may not work on them.
    """

    balance: Balance
    inconsistent_effects: int
    waiting_long: int
    stranded: int
    rows: list[DestinationRow]
    dead: list[VisibleHandoff]

    @property
    def verdict(self) -> Verdict:
        """Lost when the equation does not balance or an effect is not there exactly once.

        Stuck when work does not go on without somebody: a dead or long-waiting hand-off, or a
        ticket whose assignee may not work on it.
        """
        if not self.balance.balanced or self.inconsistent_effects:
            return Verdict.LOST
        if self.balance.dead or self.waiting_long or self.stranded:
            return Verdict.STUCK
        return Verdict.WELL

    @property
    def stuck_after(self) -> float:
        """The seconds after which a waiting hand-off is stuck."""
        return float(settings.HANDOFF_STUCK_SECONDS)

    @property
    def unlisted_dead(self) -> int:
        """The number of dead hand-offs beyond those listed."""
        return max(0, self.balance.dead - len(self.dead))


def build(user: User, office: Office | None, now: datetime | None = None) -> HandoffsDashboard:
    """The dashboard for one person; the times are of hand-offs posted on the office's day."""
    moment = now or timezone.now()
    dead = queries.dead_handoffs().select_related("posted_by", "accepted_by")
    return HandoffsDashboard(
        balance=equation.balance(),
        inconsistent_effects=consistency.count_recent_effect_inconsistencies(),
        waiting_long=queries.waiting_long().count(),
        stranded=tickets.count_stranded(),
        rows=_rows(
            user,
            reports.destination_lines(*day_bounds(office_date(moment, office), office), office)
            if office
            else {},
            department_statistics(office, moment) if office else {},
            desk_figures(),
        ),
        dead=[visible_handoff(user, handoff) for handoff in dead[:MAX_DEAD_LISTED]],
    )


def version(now: datetime | None = None) -> tuple[Any, ...]:
    """Changes when the dashboard may have: one query, and time for what no query shows."""
    moment = now or timezone.now()
    return (*activity_version(), int(moment.timestamp()) // MAX_AGE_SECONDS)


def activity_version() -> tuple[Any, ...]:
    """Changes when anything happens that the dashboards count: one query over indexes."""
    return reports.handoffs_version(tickets.version_sql(), frontdesk.version_sql())


def _rows(
    user: User,
    handoffs: dict[str, DestinationLine],
    departments: dict[Department, DepartmentStatistics],
    desk: DeskFigures,
) -> list[DestinationRow]:
    rows = []
    for destination in Destination:
        row = handoffs.get(destination)
        department = next((d for d in Department if d.value == destination.value), None)
        # The front desk and the mail server have no tickets.
        work = departments.get(department) if department else None
        is_desk = destination == Destination.FRONTDESK
        oldest = work.oldest_waiting_at if work else None
        if is_desk:
            oldest = desk.oldest_question_at
        rows.append(
            DestinationRow(
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
    return rows


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
