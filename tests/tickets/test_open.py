"""Opening tickets, and their due times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.actions.complaints import confirm_complaint, reopen_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from officeflow.handoff.contract_labels import Severity
from officeflow.staff.models import User
from tests.moments import Moment, any_day
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)


def test_an_order_opens_one_waiting_ticket(ticket: Ticket) -> None:
    assert ticket.state == TicketState.WAITING
    assert ticket.department == "fulfilment"
    assert ticket.customer_name == "Nora Nordmann"
    assert ticket.title == "Blue mug"
    assert ticket.number.startswith("TK-")
    period = ticket.periods.get()
    assert (period.state, period.actor, period.ended_at) == ("waiting", None, None)


@time_machine.travel(NOON, tick=False)
def test_an_order_is_due_by_fulfilments_goal(ordered: Callable[..., Ticket]) -> None:
    assert ordered().due_at == NOON + timedelta(hours=8)


@any_day
def test_a_wanted_by_date_is_due_at_the_end_of_business_in_the_offices_zone(
    moment: Moment, ordered: Callable[..., Ticket]
) -> None:
    closes = datetime.combine(moment.day, time(17), ZoneInfo(moment.zone))
    assert ordered(wanted_by_date=moment.day).due_at == closes


@pytest.mark.parametrize(
    ("severity", "hours"), [(Severity.HIGH, 4), (Severity.NORMAL, 8), (Severity.LOW, 24)]
)
@time_machine.travel(NOON, tick=False)
def test_a_complaint_is_due_by_its_severity(
    complain: Callable[..., Ticket], severity: Severity, hours: int
) -> None:
    assert complain(severity=severity).due_at == NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("category", "department"),
    [
        (ComplaintCategory.GOODS, "fulfilment"),
        (ComplaintCategory.SERVICE, "management"),
        (ComplaintCategory.OTHER, "management"),
    ],
)
def test_a_complaint_goes_to_the_department_of_its_category(
    complain: Callable[..., Ticket], category: ComplaintCategory, department: str
) -> None:
    ticket = complain(category)
    assert (ticket.department, ticket.kind) == (department, "complaint")
    assert ticket.details == "I waited for an hour."
    assert ticket.brief.category == category


def test_a_reopened_complaint_opens_a_new_ticket(
    complaint_ticket: Ticket, maya: User, rita: User
) -> None:
    from backoffice.tickets.actions import complete_ticket, take_ticket

    take_ticket(actor=maya, ticket=complaint_ticket)
    complete_ticket(actor=maya, ticket=complaint_ticket, outcome="not_upheld", message="No.")
    deliver()
    complaint = Complaint.objects.get(number=complaint_ticket.subject)
    complaint = confirm_complaint(actor=rita, complaint=complaint)
    reopen_complaint(actor=rita, complaint=complaint, reason="She is still cross.")
    deliver()
    first, second = Ticket.objects.filter(subject=complaint.number).order_by("pk")
    assert first.state == TicketState.COMPLETED
    assert second.state == TicketState.WAITING
    assert second.details == "She is still cross."
    assert second.brief.is_reopened
