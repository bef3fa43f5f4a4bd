"""By when a department should be done: every rule of it stands on this page.

Orders: the end of business on the wanted-by date, in the office's own zone; without such a date
`ORDER_HOURS` after the order was placed. Put-backs: `PUT_BACK_HOURS` after they were asked for.
Complaints: by severity, `COMPLAINT_HOURS` after they were raised. All are hours of the clock, not
of business, so that a complaint of Friday evening is seen to be late on Monday morning.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from backoffice.tickets.states import Severity
from officeflow.company.queries import get_office

ORDER_HOURS = 24
PUT_BACK_HOURS = 24
COMPLAINT_HOURS = {Severity.HIGH: 4, Severity.NORMAL: 24, Severity.LOW: 72}
BUSINESS_ENDS = time(17, 0)


def order_due_at(ordered_at: datetime, wanted_by_date: date | None) -> datetime:
    """When an order's goods should be ready or on their way."""
    if wanted_by_date is None:
        return ordered_at + timedelta(hours=ORDER_HOURS)
    return datetime.combine(wanted_by_date, BUSINESS_ENDS, tzinfo=get_office().zone)


def put_back_due_at(asked_at: datetime) -> datetime:
    """When goods should be on their shelf again."""
    return asked_at + timedelta(hours=PUT_BACK_HOURS)


def complaint_due_at(raised_at: datetime, severity: str) -> datetime:
    """When a complaint should be answered; a severity that is not known counts as normal."""
    known = Severity(severity) if severity in Severity.values else Severity.NORMAL
    return raised_at + timedelta(hours=COMPLAINT_HOURS[known])
