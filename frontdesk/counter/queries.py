"""What the counter shows: what waits for the desk, and what was logged today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from frontdesk.complaints import queries as complaints
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from frontdesk.order_log.rows import KIND
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.queries import orders
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import DeskQuestion
from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.imports.queries import RecentImport, imported_since
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.models import User
from officeflow.ui.counts import LIMIT

M = TypeVar("M", bound=Model)
MOST_ROWS = 12


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that waits for the desk since `since`; one of the others is set."""

    since: datetime
    question: DeskQuestion | None = None
    order: Order | None = None
    complaint: Complaint | None = None
    refund: Refund | None = None


@dataclass(frozen=True, kw_only=True)
class NeedsYou:
    """What waits for the desk, at most `MOST_ROWS` of each kind; `counts` are of all."""

    questions: list[DeskQuestion]
    ready: list[Order]
    to_confirm: list[Complaint]
    refunds: list[Refund]
    counts: tuple[int, int, int, int]

    @property
    def items(self) -> list[Need]:
        """Everything in the lists, the longest wait first."""
        found = [
            *(Need(since=each.asked_at, question=each) for each in self.questions),
            *(Need(since=each.ready_at or each.changed_at, order=each) for each in self.ready),
            *(
                Need(since=each.resolved_at or each.changed_at, complaint=each)
                for each in self.to_confirm
            ),
            *(Need(since=each.due_at, refund=each) for each in self.refunds),
        ]
        return sorted(found, key=lambda each: each.since)

    @property
    def total(self) -> int:
        """The number of all waiting items; of each kind at most `LIMIT` are counted."""
        return sum(self.counts)

    @property
    def left_out(self) -> int:
        """The number of waiting items that the lists leave out, counted as `total`."""
        shown = self.questions, self.ready, self.to_confirm, self.refunds
        return self.total - sum(len(rows) for rows in shown)

    @property
    def are_many(self) -> bool:
        """Whether there are more of a kind than are counted."""
        return max(self.counts) >= LIMIT


# Each condition has a partial index, and counting stops at the limit.
NEEDS_YOU_COUNTS = """
    SELECT
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_deskquestion WHERE closed_at IS NULL LIMIT %(limit)s) AS counted),
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_order WHERE state = 'placed'
            AND fulfilment_state = 'ready' AND delivery = 'pick_up' LIMIT %(limit)s) AS counted),
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_complaint WHERE state = 'resolved' LIMIT %(limit)s) AS counted),
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_refund WHERE paid_at IS NULL LIMIT %(limit)s) AS counted)
"""


def needs_you_counts(user: User) -> tuple[int, int, int, int]:
    """Returns the numbers of open questions, orders ready for pick-up, resolved complaints to
    confirm and refunds due, each at most `LIMIT`, in one query.

    Cached on the user object, which lives as long as its request.
    """
    kept: tuple[int, int, int, int] | None = user.__dict__.get("_needs_you_counts")
    if kept is None:
        with connection.cursor() as cursor:
            cursor.execute(NEEDS_YOU_COUNTS, {"limit": LIMIT})
            kept = user.__dict__["_needs_you_counts"] = cursor.fetchone()
    return kept


@cache
def _waiting_sql() -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Returns the SQL of each list of what waits for the desk, with its values."""
    ready = {
        "state": OrderState.PLACED,
        "fulfilment_state": FulfilmentState.READY,
        "delivery": Delivery.PICK_UP,
    }
    lists: dict[str, QuerySet[Any]] = {
        "questions": DeskQuestion.objects.filter(closed_at__isnull=True).order_by("asked_at"),
        "ready": Order.objects.select_related("customer")
        .filter(**ready)
        .order_by(Coalesce("ready_at", "changed_at"), "id"),
        "to_confirm": Complaint.objects.select_related("customer")
        .filter(state=ComplaintState.RESOLVED)
        .order_by("resolved_at", "id"),
        "refunds": Refund.objects.select_related("order__customer")
        .filter(paid_at__isnull=True)
        .order_by("due_at"),
    }
    return {name: rows[:MOST_ROWS].query.sql_with_params() for name, rows in lists.items()}


def needs_you(user: User) -> NeedsYou:
    """Returns what waits for the desk."""
    found = {name: read_rows(sql, values) for name, (sql, values) in _waiting_sql().items()}
    return NeedsYou(
        questions=[
            question for row in found["questions"] for question in records_of(row, DeskQuestion)
        ],
        ready=[_with_customer(row, Order) for row in found["ready"]],
        to_confirm=[_with_customer(row, Complaint) for row in found["to_confirm"]],
        refunds=[_with_order(row) for row in found["refunds"]],
        counts=needs_you_counts(user),
    )


def _with_customer(row: Sequence[Any], model: type[M]) -> M:
    """Returns the order or complaint in a row, with its customer."""
    record, customer = records_of(row, model, Customer)
    record.customer = customer
    return cast(M, record)


def _with_order(row: Sequence[Any]) -> Refund:
    refund: Refund
    refund, order, customer = records_of(row, Refund, Order, Customer)
    refund.order, order.customer = order, customer
    return refund


@dataclass(frozen=True, kw_only=True)
class TodaysWork:
    """Today's orders and complaints, newest first, at most `MOST_ROWS` of each.

    The counts are of all, up to `LIMIT`; `imports` are today's imports of order logs from other
    days.
    """

    orders: list[Order]
    complaints: list[Complaint]
    order_count: int
    complaint_count: int
    imports: list[RecentImport]

    @property
    def orders_imported(self) -> int:
        """The number of orders from other days that were imported today."""
        return sum(each.made.get("orders", 0) for each in self.imports)

    @property
    def complaints_imported(self) -> int:
        """The number of complaints from other days that were imported today."""
        return sum(each.made.get("complaints", 0) for each in self.imports)

    @property
    def imported_days(self) -> list[date]:
        """The first and the last day in the imported files; one day where both are the same."""
        known = {day for each in self.imports for day in (each.first_day, each.last_day) if day}
        return sorted({min(known), max(known)}) if known else []


def today_bounds(office: Office) -> tuple[datetime, datetime]:
    """Returns the start and the end of today in the office's time zone."""
    return day_bounds(office_date(timezone.now(), office), office)


TODAYS_COUNTS = """
    SELECT
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_order WHERE ordered_at >= %(start)s AND ordered_at < %(end)s
            LIMIT %(limit)s) AS counted),
        (SELECT count(*) FROM (
            SELECT FROM frontdesk_complaint WHERE logged_at >= %(start)s AND logged_at < %(end)s
            LIMIT %(limit)s) AS counted)
"""


@cache
def _todays_sql() -> dict[str, str]:
    """Returns the SQL of what was logged from one time to another, newest first."""
    at = timezone.now()
    lists: dict[str, QuerySet[Any]] = {
        "orders": Order.objects.filter(ordered_at__gte=at, ordered_at__lt=at).order_by(
            *orders.ORDER
        ),
        "complaints": Complaint.objects.filter(logged_at__gte=at, logged_at__lt=at).order_by(
            *complaints.ORDER
        ),
    }
    return {
        name: sql_of(rows.select_related("customer")[:MOST_ROWS]) for name, rows in lists.items()
    }


def todays_work(office: Office) -> TodaysWork:
    """Returns what was logged today, and today's imports of order logs from other days."""
    start, end = today_bounds(office)
    day = office_date(start, office)
    lists, values = _todays_sql(), [start, end]
    ((order_count, complaint_count),) = read_rows(
        TODAYS_COUNTS, {"start": start, "end": end, "limit": LIMIT}
    )
    return TodaysWork(
        orders=[_with_customer(row, Order) for row in read_rows(lists["orders"], values)],
        complaints=[
            _with_customer(row, Complaint) for row in read_rows(lists["complaints"], values)
        ],
        order_count=order_count,
        complaint_count=complaint_count,
        imports=[
            each
            for each in imported_since(KIND, start)
            if each.made and not each.first_day == each.last_day == day
        ],
    )


def counter_version(now: datetime) -> tuple[Any, ...]:
    """Returns values that change with anything that the counter shows, and every minute.

    The newest `changed_at` alone would miss a transaction that began earlier and committed later,
    so the versions of the latest changes are summed as well. A change that commits after more than
    a minute shows in the next minute.
    """
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_order WHERE changed_at >= %(since)s),
                (SELECT row(count(*), sum(version), max(changed_at))::text
                   FROM frontdesk_complaint WHERE changed_at >= %(since)s),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_deskquestion WHERE closed_at IS NULL),
                (SELECT row(count(*), max(id))::text
                   FROM frontdesk_refund WHERE paid_at IS NULL)
            """,
            {"since": minute - timedelta(minutes=1)},
        )
        return minute, *cursor.fetchone()
