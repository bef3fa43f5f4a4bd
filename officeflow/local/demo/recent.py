"""The plans of the demo's last days, which put something into every list and queue."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.company.working_time import calendar_of
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, Plans, Question
from officeflow.local.demo.recent_complaints import COMPLAINTS, ScriptedComplaint
from officeflow.local.demo.recent_orders import ORDERS, Progress, ScriptedOrder

# The fraction of the time since an order was placed at which each event happens.
PAID, TAKEN, ASKED, ANSWERED, COMPLETED, COLLECTED = 0.03, 0.2, 0.35, 0.55, 0.6, 0.85
# The time over which the events of an older order are spread.
MAX_ELAPSED = timedelta(minutes=150)

TAKEN_PROGRESS = (
    Progress.TAKEN,
    Progress.RETURNED,
    Progress.ANSWERED,
    Progress.READY,
    Progress.DONE,
    Progress.PUT_BACK,
)
COMPLETED_PROGRESS = (Progress.READY, Progress.DONE, Progress.PUT_BACK)


class RecentDays:
    """Turns the scripts of the last days into plans, up to the time `now`."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.office, self.now = office, now
        self.today = office_date(now, office)

    def plans(self) -> Plans:
        """Returns the plans of the last days' orders and complaints."""
        return Plans(
            [self.order(script) for script in ORDERS], [self.complaint(t) for t in COMPLAINTS]
        )

    def moment(self, script: ScriptedOrder | ScriptedComplaint) -> datetime:
        """Returns the time of a script: on an earlier open day, or minutes ago but still today."""
        if script.days_ago:
            hour, minute = map(int, script.clock.split(":"))
            day = self._open_day(script.days_ago)
            return datetime.combine(day, time(hour, minute), tzinfo=self.office.zone)
        midnight = datetime.combine(self.today, time.min, tzinfo=self.office.zone)
        return max(self.now - timedelta(minutes=int(script.clock)), midnight)

    def _open_day(self, days_ago: int) -> date:
        calendar, day = calendar_of(self.office), self.today
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= bool(calendar.spans(day))
        return day

    def order(self, script: ScriptedOrder) -> OrderPlan:
        """Returns the plan of an order up to its progress."""
        at = self.moment(script)
        elapsed = min(self.now - at, MAX_ELAPSED)
        question = None
        if script.question:
            question = Question(
                text=script.question,
                asked_at=at + elapsed * ASKED,
                answer=script.answer,
                answered_at=at + elapsed * ANSWERED if script.answer else None,
            )
        is_cancelled = script.progress in (Progress.CANCELLED, Progress.PUT_BACK)
        is_taken_away = script.progress == Progress.DONE and not script.is_delivery
        return OrderPlan(
            key=script.key,
            at=at,
            customer=script.customer,
            lines=script.lines,
            seller=script.seller,
            packer=script.packer,
            is_delivery=script.is_delivery,
            discount_percent=script.discount,
            wanted_in_days=script.wanted_in_days,
            note=script.note,
            method=script.method,
            pays=script.pays or "",
            paid_at=at + elapsed * PAID if script.pays else None,
            taken_at=at + elapsed * TAKEN if script.progress in TAKEN_PROGRESS else None,
            question=question,
            completed_at=at + elapsed * COMPLETED
            if script.progress in COMPLETED_PROGRESS
            else None,
            collected_at=at + elapsed * COLLECTED if is_taken_away else None,
            cancelled_at=at + elapsed * COLLECTED if is_cancelled else None,
            reason=script.reason,
        )

    def complaint(self, script: ScriptedComplaint) -> ComplaintPlan:
        """Returns the plan of a complaint up to its last event."""
        at = self.moment(script)
        elapsed = min(self.now - at, MAX_ELAPSED)
        return ComplaintPlan(
            at=at,
            customer=script.customer,
            category=script.category,
            text=script.text,
            desired_outcome=script.desired_outcome,
            severity=script.severity,
            order=script.order,
            logger=script.logger,
            handler=script.handler,
            taken_at=at + elapsed * TAKEN if script.handler else None,
            resolved_at=at + elapsed * COMPLETED if script.outcome else None,
            outcome=script.outcome,
            message=script.message,
            told_at=at + elapsed * COLLECTED if script.is_told else None,
        )
