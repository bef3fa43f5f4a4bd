"""What the counter shows: what needs somebody at the desk, and what happened today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.queries import complaints
from frontdesk.complaints.states import ComplaintState
from frontdesk.order_log.rows import KIND
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.queries.orders import orders
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.payments.models.payments import Refund
from frontdesk.payments.queries.payments import refunds
from frontdesk.questions.models import DeskQuestion
from frontdesk.questions.queries import questions
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.imports.queries import RecentImport, imported_since

SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class NeedsYou:
    """What waits for the desk, oldest first, at most `SHOWN` of each; counts are of all."""

    questions: list[DeskQuestion]
    ready: list[Order]
    to_confirm: list[Complaint]
    refunds: list[Refund]
    counts: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """How many things wait in all."""
        return sum(self.counts)

    @property
    def left_out(self) -> int:
        """How many of them the lists leave out."""
        shown = self.questions, self.ready, self.to_confirm, self.refunds
        return self.total - sum(len(rows) for rows in shown)


def needs_counts() -> tuple[int, int, int, int]:
    """Open questions, goods ready, customers to be told, refunds due: one query over indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
                (SELECT count(*) FROM frontdesk_deskquestion WHERE closed_at IS NULL),
                (SELECT count(*) FROM frontdesk_order WHERE state = 'placed'
                    AND fulfilment_state = 'ready' AND delivery = 'pick_up'),
                (SELECT count(*) FROM frontdesk_complaint WHERE state = 'resolved'),
                (SELECT count(*) FROM frontdesk_refund WHERE paid_at IS NULL)
            """
        )
        asked, ready, told, due = cursor.fetchone()
    return asked, ready, told, due


def needs_you() -> NeedsYou:
    """Everything that waits for somebody at the desk."""
    return NeedsYou(
        questions=list(questions().filter(closed_at__isnull=True).order_by("asked_at")[:SHOWN]),
        ready=list(
            orders()
            .filter(
                state=OrderState.PLACED,
                fulfilment_state=FulfilmentState.READY,
                delivery=Delivery.PICK_UP,
            )
            .order_by("id")[:SHOWN]
        ),
        to_confirm=list(
            complaints().filter(state=ComplaintState.RESOLVED).order_by("resolved_at", "id")[:SHOWN]
        ),
        refunds=list(refunds().filter(paid_at__isnull=True).order_by("due_at")[:SHOWN]),
        counts=needs_counts(),
    )


@dataclass(frozen=True, kw_only=True)
class Today:
    """Today's orders and complaints, newest first, at most `SHOWN` of each; counts are of all."""

    orders: list[Order]
    complaints: list[Complaint]
    order_count: int
    complaint_count: int
    imports: list[RecentImport]

    @property
    def orders_imported(self) -> int:
        """Orders of other days that were imported today."""
        return sum(each.made.get("orders", 0) for each in self.imports)

    @property
    def complaints_imported(self) -> int:
        """Goods brought back on other days that were imported today."""
        return sum(each.made.get("complaints", 0) for each in self.imports)

    @property
    def imported_days(self) -> list[date]:
        """The first and the last day that those files tell of; one where both are the same."""
        known = {day for each in self.imports for day in (each.first_day, each.last_day) if day}
        return sorted({min(known), max(known)}) if known else []


def today_bounds(office: Office) -> tuple[datetime, datetime]:
    """The office's own day that is now."""
    return day_bounds(office_date(timezone.now(), office), office)


def today(office: Office) -> Today:
    """What was logged since the office's midnight, and which files of other days were imported."""
    start, end = today_bounds(office)
    day = office_date(start, office)
    todays_orders = orders().filter(ordered_at__gte=start, ordered_at__lt=end)
    todays_complaints = complaints().filter(logged_at__gte=start, logged_at__lt=end)
    return Today(
        orders=list(todays_orders[:SHOWN]),
        complaints=list(todays_complaints[:SHOWN]),
        order_count=todays_orders.count(),
        complaint_count=todays_complaints.count(),
        imports=[
            each
            for each in imported_since(KIND, start)
            if each.made and not each.first_day == each.last_day == day
        ],
    )


def counter_version(day_start: datetime) -> tuple[Any, ...]:
    """Changes with anything that the counter shows.

    Newest change alone would miss a transaction that began earlier and committed later, so the
    versions of the day's changes are summed as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_order WHERE changed_at >= %(start)s),
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_complaint WHERE changed_at >= %(start)s),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_deskquestion WHERE closed_at IS NULL),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_refund WHERE paid_at IS NULL)
            """,
            {"start": day_start},
        )
        return tuple(cursor.fetchone())
