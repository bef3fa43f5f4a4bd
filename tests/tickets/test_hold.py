"""Putting tickets on hold, and ending holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from backoffice.tickets.actions import (
    HoldRefused,
    NotAssignee,
    TicketStateConflict,
    complete_ticket,
    end_holds,
    hold_ticket,
    resume_ticket,
    take_ticket,
)
from backoffice.tickets.models import Notification, Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.orders.models import Order
from frontdesk.questions.models import Hold
from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office, OpeningHours
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.moments import Moment, any_day
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 7, 5, 9, 0, tzinfo=UTC)  # ten o'clock in London
THURSDAY = date(2027, 7, 8)


@pytest.fixture
def monday() -> Iterator[None]:
    """Sets the time to a Monday before users are hired, so that their roles are valid."""
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def weekdays(office: Office) -> None:
    """The office is open from nine to five on weekdays."""
    for weekday in range(5):
        OpeningHours.objects.create(weekday=weekday, opens=time(9), closes=time(17))


def hold(ticket: Ticket, who: User, until: date = THURSDAY) -> None:
    take_ticket(actor=who, ticket=ticket)
    hold_ticket(actor=who, ticket=ticket, reason="The supplier sends it.", until_date=until)


@pytest.mark.usefixtures("monday")
def test_a_held_ticket_keeps_its_assignee_until_the_office_opens_on_the_day(
    weekdays: None, ticket: Ticket, femi: User
) -> None:
    hold(ticket, femi)
    assert (ticket.state, ticket.assignee) == (TicketState.HELD, femi)
    assert ticket.held_until == datetime(2027, 7, 8, 8, 0, tzinfo=UTC)  # nine in London
    period = ticket.periods.get(ended_at__isnull=True)
    assert (period.note, period.until_at) == ("The supplier sends it.", ticket.held_until)
    with pytest.raises(TicketStateConflict):
        complete_ticket(actor=femi, ticket=ticket)


@pytest.mark.usefixtures("monday")
def test_the_audit_trail_has_no_text_of_the_reason(ticket: Ticket, femi: User) -> None:
    hold(ticket, femi)
    entry = AuditEntry.objects.get(action="hold_ticket")
    assert entry.changes["reason"] is None
    assert "supplier" not in str(entry.changes)


@pytest.mark.parametrize(
    ("reason", "until", "field"),
    [
        ("", THURSDAY, "reason"),
        ("x" * 4001, THURSDAY, "reason"),
        ("Waits", date(2027, 7, 5), "until_date"),
        ("Waits", date(2029, 7, 6), "until_date"),
    ],
)
@pytest.mark.usefixtures("monday")
def test_a_hold_needs_a_reason_and_a_future_day(
    ticket: Ticket, femi: User, reason: str, until: date, field: str
) -> None:
    from officeflow.errors import Refused

    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(Refused) as refused:
        hold_ticket(actor=femi, ticket=ticket, reason=reason, until_date=until)
    assert refused.value.field == field
    assert issubclass(HoldRefused, Refused)


@pytest.mark.usefixtures("monday")
def test_only_the_assignee_holds_and_resumes(ticket: Ticket, femi: User, fay: User) -> None:
    take_ticket(actor=femi, ticket=ticket)
    with pytest.raises(NotAssignee):
        hold_ticket(actor=fay, ticket=ticket, reason="Waits", until_date=THURSDAY)
    hold_ticket(actor=femi, ticket=ticket, reason="Waits", until_date=THURSDAY)
    with pytest.raises(NotAssignee if ticket.assignee != fay else TicketStateConflict):
        complete_ticket(actor=fay, ticket=ticket)
    resume_ticket(actor=femi, ticket=ticket)
    assert (ticket.state, ticket.held_until) == (TicketState.TAKEN, None)


@pytest.mark.usefixtures("monday")
def test_a_hold_moves_the_due_time_by_its_opening_time(
    weekdays: None, ordered: Callable[..., Ticket], femi: User
) -> None:
    ticket = ordered()
    due = ticket.due_at
    hold(ticket, femi)
    # From Monday ten o'clock to Tuesday noon in London: seven hours and three.
    with time_machine.travel(MONDAY + timedelta(hours=26), tick=False):
        assert not ticket.is_overdue(MONDAY + timedelta(days=30))
        resume_ticket(actor=femi, ticket=ticket)
    assert due == datetime(2027, 7, 6, 9, 0, tzinfo=UTC)  # eight hours from Monday, ten
    assert ticket.due_at == datetime(2027, 7, 7, 11, 0, tzinfo=UTC)


@pytest.mark.usefixtures("monday")
def test_a_hold_does_not_move_a_promised_day(
    weekdays: None, ordered: Callable[..., Ticket], femi: User
) -> None:
    ticket = ordered(wanted_by_date=date(2027, 7, 6))
    due = ticket.due_at
    hold(ticket, femi)
    assert ticket.is_overdue(due + timedelta(minutes=1))
    assert Ticket.objects.late(due + timedelta(minutes=1)).count() == 1
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        resume_ticket(actor=femi, ticket=ticket)
    assert ticket.due_at == due


@any_day
def test_a_hold_ends_on_its_day_and_notifies_the_assignee(
    moment: Moment, ticket: Ticket, femi: User
) -> None:
    hold(ticket, femi, until=moment.day + timedelta(days=1))
    begins = datetime.combine(moment.day + timedelta(days=1), time(9), ZoneInfo(moment.zone))
    assert ticket.held_until == begins
    assert end_holds() == 0
    with time_machine.travel(begins, tick=False):
        assert end_holds() == 1
        assert end_holds() == 0
        ticket.refresh_from_db()
        assert (ticket.state, ticket.assignee) == (TicketState.TAKEN, femi)
        assert ticket.is_due_again(datetime.now(UTC))
        assert Notification.objects.get(person=femi).kind == "due_again"
        complete_ticket(actor=femi, ticket=ticket)
    assert not ticket.is_due_again(datetime.now(UTC))


def test_a_ticket_waits_after_its_hold_when_its_assignee_has_left(
    ticket: Ticket, femi: User
) -> None:
    hold(ticket, femi, until=date.today() + timedelta(days=2))
    User.objects.filter(pk=femi.pk).update(is_active=False)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        assert end_holds() == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.WAITING, None)


def test_a_hold_and_its_end_are_reported_to_the_desk(ticket: Ticket, femi: User) -> None:
    hold(ticket, femi, until=date.today() + timedelta(days=2))
    deliver()
    mirrored = Hold.objects.get()
    assert mirrored.order == Order.objects.get(number=ticket.subject)
    assert (mirrored.reason, mirrored.by_name) == ("The supplier sends it.", "Femi Fulfilment")
    resume_ticket(actor=femi, ticket=ticket)
    deliver()
    mirrored.refresh_from_db()
    assert mirrored.ended_at is not None


def test_holds_of_hr_are_not_reported_to_the_desk(
    complain: Callable[..., Ticket], hanna: User
) -> None:
    ticket = complain(ComplaintCategory.CONDUCT)
    hold(ticket, hanna, until=date.today() + timedelta(days=2))
    resume_ticket(actor=hanna, ticket=ticket)
    deliver()
    assert not Hold.objects.exists()
    assert not Handoff.objects.filter(contract__in=["TicketHeld", "TicketResumed"]).exists()
    assert set(AuditEntry.objects.filter(action="hold_ticket").values_list("realm", flat=True)) == {
        "hr"
    }
