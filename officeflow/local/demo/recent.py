"""The demo company's last days, so that every list and queue has something to see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.company.working_time import calendar_of
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, Plans, Question
from officeflow.local.demo.recent_complaints import COMPLAINTS, ScriptedComplaint
from officeflow.local.demo.recent_orders import ORDERS, Fate, ScriptedOrder

# How much of the time that an order has had is gone when each thing happens.
PAID, TAKEN, ASKED, SAID, COMPLETED, COLLECTED = 0.03, 0.2, 0.35, 0.55, 0.6, 0.85
# What happened yesterday took so long at most.
A_LONG_WHILE = timedelta(minutes=150)

TAKEN_FATES = (Fate.TAKEN, Fate.RETURNED, Fate.ANSWERED, Fate.READY, Fate.DONE, Fate.PUT_BACK)
FETCHED_FATES = (Fate.READY, Fate.DONE, Fate.PUT_BACK)


class RecentDays:
    """Turns what is written out into plans, up to the moment at which the demo is made."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.office, self.now = office, now
        self.today = office_date(now, office)

    def plans(self) -> Plans:
        """The orders and complaints of the last days."""
        return Plans([self.order(told) for told in ORDERS], [self.complaint(t) for t in COMPLAINTS])

    def moment(self, told: ScriptedOrder | ScriptedComplaint) -> datetime:
        """When it was: a time of an open day gone by, or so many minutes ago, but still today."""
        if told.days_ago:
            hour, minute = map(int, told.clock.split(":"))
            day = self._open_day(told.days_ago)
            return datetime.combine(day, time(hour, minute), tzinfo=self.office.zone)
        midnight = datetime.combine(self.today, time.min, tzinfo=self.office.zone)
        return max(self.now - timedelta(minutes=int(told.clock)), midnight)

    def _open_day(self, days_ago: int) -> date:
        calendar, day = calendar_of(self.office), self.today
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= bool(calendar.spans(day))
        return day

    def order(self, told: ScriptedOrder) -> OrderPlan:
        """An order that has come as far as its fate says."""
        at = self.moment(told)
        had = min(self.now - at, A_LONG_WHILE)
        question = None
        if told.question:
            question = Question(
                text=told.question,
                asked_at=at + had * ASKED,
                answer=told.answer,
                answered_at=at + had * SAID if told.answer else None,
            )
        is_cancelled = told.fate in (Fate.CANCELLED, Fate.PUT_BACK)
        is_taken_away = told.fate == Fate.DONE and not told.is_delivery
        return OrderPlan(
            key=told.key,
            at=at,
            customer=told.customer,
            lines=told.lines,
            seller=told.seller,
            packer=told.packer,
            is_delivery=told.is_delivery,
            discount_percent=told.discount,
            wanted_in_days=told.wanted_in_days,
            note=told.note,
            method=told.method,
            pays=told.pays or "",
            paid_at=at + had * PAID if told.pays else None,
            taken_at=at + had * TAKEN if told.fate in TAKEN_FATES else None,
            question=question,
            completed_at=at + had * COMPLETED if told.fate in FETCHED_FATES else None,
            collected_at=at + had * COLLECTED if is_taken_away else None,
            cancelled_at=at + had * COLLECTED if is_cancelled else None,
            reason=told.reason,
        )

    def complaint(self, told: ScriptedComplaint) -> ComplaintPlan:
        """A complaint that has come as far as somebody has brought it."""
        at = self.moment(told)
        had = min(self.now - at, A_LONG_WHILE)
        return ComplaintPlan(
            at=at,
            customer=told.customer,
            category=told.category,
            text=told.text,
            wish=told.wish,
            severity=told.severity,
            order=told.order,
            logger=told.logger,
            handler=told.handler,
            taken_at=at + had * TAKEN if told.handler else None,
            resolved_at=at + had * COMPLETED if told.outcome else None,
            outcome=told.outcome,
            message=told.message,
            told_at=at + had * COLLECTED if told.is_told else None,
        )
