"""The content of the demo company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from backoffice.accounting.queries import trial_balance
from backoffice.tickets.models import Ticket, TicketPeriod
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import with_parts
from frontdesk.payments.models.payments import Refund
from frontdesk.questions.models import DeskQuestion
from frontdesk.timelines.orders import complaint_timeline, order_timeline
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Kind, Product, TaxRate
from officeflow.company.models import Office
from officeflow.dashboards.consistency import effect_inconsistencies
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.local.demo.demo_company import create_demo_company
from officeflow.local.demo.random_history import RandomHistory
from officeflow.permissions import Department
from officeflow.staff.models import RoleGrant

pytestmark = pytest.mark.django_db
DAYS = 14


@pytest.fixture(scope="module", autouse=True)
def company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo company with two weeks of history, for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert create_demo_company(lambda step: None, days=DAYS)
        yield
        transaction.set_rollback(True)


def test_every_list_has_records_in_every_state() -> None:
    assert Office.objects.get().is_demo
    assert Product.objects.count() == 40
    assert Product.objects.filter(kind=Kind.SERVICE).count() >= 3
    assert TaxRate.objects.count() == 2
    assert Customer.objects.count() == 200
    assert set(Complaint.objects.values_list("category", flat=True)) == set(
        ComplaintCategory.values
    )
    assert {"placed", "completed", "cancelled"} == set(
        Order.objects.values_list("state", flat=True)
    )
    assert {"waiting", "in_progress", "ready", "shipped", "handed_over"} <= set(
        Order.objects.values_list("fulfilment_state", flat=True)
    )
    assert {"invoiced", "part_paid", "paid", "credited"} <= set(
        Order.objects.values_list("billing_state", flat=True)
    )
    assert Complaint.objects.filter(state="resolved").exists()
    assert Complaint.objects.filter(state="confirmed").exists()
    assert DeskQuestion.objects.filter(closed_at__isnull=True).count() >= 2
    assert Refund.objects.filter(paid_at__isnull=True).exists()
    assert RoleGrant.objects.filter(valid_until__isnull=False).count() == 1


def test_every_department_has_open_work_and_some_of_it_is_late() -> None:
    queues = set(Ticket.objects.open().values_list("department", flat=True))
    busy = {Department.FULFILMENT, Department.ACCOUNTING, Department.HR, Department.MANAGEMENT}
    assert busy <= queues
    assert Ticket.objects.open().filter(due_at__lt=timezone.now()).exists()


def test_all_hand_offs_were_applied_and_each_order_had_one_effect_everywhere() -> None:
    assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()
    assert effect_inconsistencies() == []


def test_entries_have_their_own_handoffs_in_the_timelines() -> None:
    orders = [order_timeline(with_parts(order)) for order in Order.objects.all()]
    complaints = [complaint_timeline(complaint) for complaint in Complaint.objects.all()]
    items = [item for timeline in orders + complaints for item in timeline if item.receipts]
    assert len(items) > Order.objects.count()
    # While the demo is made the clock stands still in each action.
    for item in items:
        assert all(item.at in {step.at for step in each.steps} for each in item.receipts), item


def test_the_books_balance() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    lines = trial_balance()
    debit = sum(line.debit_balance or 0 for line in lines)
    assert debit == sum(line.credit_balance or 0 for line in lines) > 0


def test_orders_are_placed_during_opening_hours() -> None:
    office = Office.objects.get()
    midnight = timezone.localtime(timezone.now(), office.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    moments = [
        each.astimezone(office.zone)
        for each in Order.objects.filter(ordered_at__lt=midnight).values_list(
            "ordered_at", flat=True
        )
    ]
    assert all(each.weekday() < 6 for each in moments)
    assert all(time(9) <= each.time() <= time(17, 30) for each in moments)
    open_days = {
        day
        for ago in range(1, DAYS + 1)
        if (day := (midnight - timedelta(days=ago)).date()).weekday() < 6
    }
    assert {each.date() for each in moments} == open_days


def test_no_event_is_in_the_future_or_out_of_order() -> None:
    now = timezone.now()
    assert not AuditEntry.objects.filter(at__gt=now).exists()
    assert not Handoff.objects.filter(delivered_at__gt=now).exists()
    assert not Handoff.objects.filter(delivered_at__lt=F("posted_at")).exists()
    assert not Handoff.objects.filter(accepted_at__lt=F("delivered_at")).exists()
    assert not TicketPeriod.objects.filter(ended_at__lt=F("started_at")).exists()


def test_hand_offs_waited_on_one_day() -> None:
    slow = Handoff.objects.filter(delivered_at__gt=F("posted_at") + timedelta(minutes=1))
    days = {each.posted_at.date() for each in slow}
    assert len(days) == 1


def test_staff_work_in_every_role() -> None:
    roles = RoleGrant.objects.values("role").annotate(people=Count("user", distinct=True))
    assert {each["role"] for each in roles} == {
        "receptionist",
        "fulfilment",
        "warehouse",
        "accountant",
        "hr",
        "manager",
        "administrator",
    }


def test_the_clocks_are_back_at_the_present() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT office_clock() - clock_timestamp()")
        (ahead,) = cursor.fetchone()
    assert abs(ahead) < timedelta(seconds=5)
    assert timezone.now.__module__ == "django.utils.timezone"


@pytest.mark.parametrize("today", [date(2026, 3, day) for day in range(2, 9)], ids="{:%a}".format)
def test_the_history_is_the_same_on_every_machine(today: date) -> None:
    """The history depends on the weekday of its last day and on nothing else."""
    office = Office.objects.get()
    plans_so_far = RandomHistory(office, today, 60, 200).plans()
    assert plans_so_far == RandomHistory(office, today, 60, 200).plans()
    assert len(plans_so_far.orders) > 100
    assert len(plans_so_far.complaints) >= 15
