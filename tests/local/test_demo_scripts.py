"""What the demo's people do follows from what has happened, also while the workers are away."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from frontdesk.payments.models.payments import Refund
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.handoff.models import Handoff
from officeflow.local.demo.clock import moved_clock
from officeflow.local.demo.order_scripts import DemoContext
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan
from officeflow.local.demo.schedule import Schedule
from officeflow.staff.models import User


@pytest.mark.django_db
def test_a_customer_is_told_only_answers_that_have_reached_the_desk(
    office: Office, nora: Customer, rita: User, femi: User
) -> None:
    start = timezone.now()

    def after(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    complaint = ComplaintPlan(
        at=after(1),
        customer=0,
        category=ComplaintCategory.GOODS,
        text="The mug is chipped",
        logger="rita",
        handler="femi",
        taken_at=after(2),
        resolved_at=after(4),
        outcome="upheld",
        message="Another one is ready",
        told_at=after(5),
        reopen_reason="That one is chipped, too",
        second_answer_at=after(90),
        second_message="A third one is ready",
    )
    with moved_clock(start) as clock:
        schedule = Schedule(clock, random.Random(1))
        people = {"rita": rita, "femi": femi}
        context = DemoContext(office, schedule, people, {}, lambda _place: nora)
        context.schedule_plan(complaint)
        schedule.stop_workers(after(3), after(60))
        schedule.run_until(after(300))
    told = AuditEntry.objects.filter(action__in=("reopen_complaint", "confirm_complaint"))
    answers = Handoff.objects.filter(contract="ComplaintResolved").order_by("sequence")
    arrived = list(answers.values_list("delivered_at", flat=True))
    assert [entry.action for entry in told.order_by("pk")] == [
        "reopen_complaint",
        "confirm_complaint",
    ]
    assert all(at <= entry.at for at, entry in zip(arrived, told.order_by("pk"), strict=True) if at)
    assert arrived[0] is not None
    assert arrived[0] >= after(60)


@pytest.mark.django_db
def test_goods_are_collected_and_money_is_refunded_when_the_counter_knows(
    office: Office, mug: Product, rita: User, femi: User
) -> None:
    start = timezone.now()

    def after(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    common = {"customer": None, "lines": (("MUG", "1"),), "seller": "rita", "packer": "femi"}
    collected = OrderPlan(
        key="collected",
        at=after(1),
        taken_at=after(5),
        completed_at=after(12),
        collected_at=after(25),
        **common,
    )
    cancelled = OrderPlan(
        key="cancelled",
        at=after(1),
        pays="full",
        paid_at=after(2),
        cancelled_at=after(12),
        refunded_at=after(25),
        reason="Changed their mind",
        **common,
    )
    with moved_clock(start) as clock:
        schedule = Schedule(clock, random.Random(1))
        people = {"rita": rita, "femi": femi}
        context = DemoContext(office, schedule, people, {"MUG": mug}, lambda _place: None)
        context.schedule_plan(collected)
        context.schedule_plan(cancelled)
        schedule.stop_workers(after(10), after(60))
        schedule.run_until(after(300))
    assert Order.objects.get(pk=context.orders["collected"].pk).state == "completed"
    assert Refund.objects.get(order=context.orders["cancelled"]).paid_at >= after(60)
