"""The random plans of the demo's orders and complaints, up to today.

All are drawn with one seed, so that they are the same on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from frontdesk.complaints.models import ComplaintCategory
from frontdesk.payments.models.methods import DefaultMethod
from officeflow.company.models import Office
from officeflow.company.working_time import add_working_time, calendar_of
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, Plans, Question
from officeflow.local.demo.products import POPULARITY, POSTAGE
from officeflow.local.demo.texts import (
    CANCEL_REASONS,
    COMPLAINT_TEXTS,
    ORDER_NOTES,
    QUESTIONS,
    REOPEN_REASON,
    SECOND_MESSAGE,
)

SEED = 20260
# Average orders on each weekday, Monday first.
WEEK = (1.5, 1.5, 2.0, 2.0, 2.5, 3.5, 0.0)
# The weights of the hours of an open day, from 9:00 to 17:30.
HOURS = {9: 3, 10: 5, 11: 7, 12: 9, 13: 7, 14: 4, 15: 5, 16: 7, 17: 3}
KNOWN_BEFORE = 120  # customers whose first visit was before the history begins
HANDLERS = {
    ComplaintCategory.GOODS: ("femi", "tom"),
    ComplaintCategory.BILLING: ("amir",),
    ComplaintCategory.SERVICE: ("maya",),
    ComplaintCategory.CONDUCT: ("hanna",),
    ComplaintCategory.OTHER: ("maya",),
}
OTHER_CATEGORIES = (
    ComplaintCategory.SERVICE,
    ComplaintCategory.BILLING,
    ComplaintCategory.SERVICE,
    ComplaintCategory.OTHER,
    ComplaintCategory.CONDUCT,
)


class RandomHistory:
    """Draws the plans of the last `days` days and of today."""

    def __init__(self, office: Office, today: date, days: int, customers: int) -> None:
        self.office, self.today, self.days = office, today, days
        self.draw = random.Random(SEED)
        self.customers = customers
        self.known_customers = min(KNOWN_BEFORE, customers)
        self.drawn = Plans()

    def plans(self) -> Plans:
        """Draws and returns all plans."""
        for days_ago in range(self.days, -1, -1):
            day = self.today - timedelta(days=days_ago)
            if calendar_of(self.office).spans(day):
                self._day(day, days_ago)
        return self.drawn

    def _day(self, day: date, days_ago: int) -> None:
        trend = 1.25 - 0.5 * days_ago / max(self.days, 1)
        expected = WEEK[day.weekday()] * trend * self.draw.uniform(0.75, 1.25)
        moments = sorted(self._visit(day) for _ in range(round(expected)))
        for at in moments:
            order = self._order(at)
            self.drawn.orders.append(order)
            self._maybe_add_complaint(order)
        if self.draw.random() < 0.3:
            category = self.draw.choice(OTHER_CATEGORIES)
            self.drawn.complaints.append(self._complaint(self._visit(day), category))

    def _visit(self, day: date) -> datetime:
        (hour,) = self.draw.choices(list(HOURS), list(HOURS.values()))
        minute = self.draw.randrange(30 if hour == max(HOURS) else 60)
        clock = time(hour, minute, self.draw.randrange(60))
        return datetime.combine(day, clock, tzinfo=self.office.zone)

    def after(self, at: datetime, minutes: float) -> datetime:
        """Returns the time so many minutes of opening hours later."""
        return add_working_time(at, timedelta(minutes=round(minutes, 2)), office=self.office)

    def _around(self, minutes: float, spread: float = 0.7) -> float:
        """Draws a duration in minutes: mostly about the given one, seldom up to 12 times it."""
        return minutes * min(self.draw.lognormvariate(0, spread), 12)

    def _customer(self) -> int | None:
        """Draws a walk-in (None), a new customer or, most often, a known one."""
        chance = self.draw.random()
        if chance < 0.22:
            return None
        if chance < 0.52 and self.known_customers < self.customers:
            self.known_customers += 1
            return self.known_customers - 1
        return int(self.known_customers * self.draw.random() ** 2)

    def _seller(self, at: datetime) -> str:
        at_lunch = time(12, 30) <= at.timetz().replace(tzinfo=None) < time(13, 15)
        if at_lunch and self.draw.random() < 0.4:
            return "maya"
        return self.draw.choices(("rosa", "ravi", "selma"), (5, 4, 2))[0]

    def _order(self, at: datetime) -> OrderPlan:
        draw = self.draw
        customer = self._customer()
        is_delivery = customer is not None and draw.random() < 0.22
        is_large = draw.random() < 0.06
        lines = self._lines(large=is_large)
        taken_at = self.after(
            at, self._around(25) if draw.random() > 0.06 else draw.uniform(600, 1500)
        )
        completed_at = self.after(taken_at, self._around(30))
        plan = OrderPlan(
            key=f"order-{len(self.drawn.orders)}",
            at=at,
            customer=customer,
            lines=(*lines, (POSTAGE, "1")) if is_delivery else lines,
            seller=self._seller(at),
            packer=draw.choices(("femi", "tom", "lena"), (5, 4, 3))[0],
            is_delivery=is_delivery,
            discount_percent="10" if is_large else "0",
            wanted_in_days=draw.randint(2, 9) if draw.random() < 0.15 else None,
            note=draw.choice(ORDER_NOTES) if draw.random() < 0.08 else "",
            method=draw.choices((DefaultMethod.CARD, DefaultMethod.CASH), (7, 3))[0],
            taken_at=taken_at,
            completed_at=completed_at,
        )
        if draw.random() < 0.06:
            plan = self._with_question(plan)
        plan = self._with_money(plan)
        if draw.random() < 0.03:
            return self._cancelled(plan)
        if not is_delivery and draw.random() > 0.03:  # a few goods are never collected
            assert plan.completed_at is not None
            collected = self.after(plan.completed_at, draw.choice((20, 90, 300, 520, 900)))
            plan = replace(plan, collected_at=collected)
        return plan

    def _lines(self, *, large: bool) -> tuple[tuple[str, str], ...]:
        draw, skus = self.draw, list(POPULARITY)
        count = draw.choices((1, 2, 3, 4), (5, 4, 2, 1))[0]
        chosen: list[str] = []
        while len(chosen) < count:
            (sku,) = draw.choices(skus, list(POPULARITY.values()))
            if sku not in chosen:
                chosen.append(sku)
        quantities: Sequence[int] = (10, 12, 20, 24, 30) if large else (1, 1, 1, 1, 2, 2, 3)
        return tuple((sku, str(draw.choice(quantities))) for sku in chosen)

    def _with_question(self, plan: OrderPlan) -> OrderPlan:
        assert plan.taken_at is not None
        text, answer = self.draw.choice(QUESTIONS)
        asked_at = self.after(plan.taken_at, self._around(8))
        answered_at = self.after(asked_at, self._around(50))
        question = Question(text=text, asked_at=asked_at, answer=answer, answered_at=answered_at)
        completed_at = self.after(answered_at, self._around(25))
        return replace(plan, question=question, completed_at=completed_at)

    def _with_money(self, plan: OrderPlan) -> OrderPlan:
        """Lets half of the customers pay at once, the others at collection or after delivery."""
        if self.draw.random() < 0.5 or (plan.customer is None and plan.is_delivery):
            return replace(plan, pays="full", paid_at=plan.at + timedelta(minutes=2))
        if plan.is_delivery and self.draw.random() < 0.85:
            paid_at = self.after(plan.at, self.draw.uniform(600, 4000))
            return replace(plan, pays="full", paid_at=paid_at, method=DefaultMethod.TRANSFER)
        return plan

    def _cancelled(self, plan: OrderPlan) -> OrderPlan:
        """Cancels the order before fulfilment begins or when it is ready, and refunds it."""
        draw = self.draw
        assert plan.completed_at is not None
        is_early = draw.random() < 0.5 or plan.is_delivery
        at = plan.at + timedelta(minutes=8) if is_early else self.after(plan.completed_at, 15)
        if is_early:
            plan = replace(plan, taken_at=None, completed_at=None, question=None)
        if plan.paid_at and plan.paid_at >= at:
            plan = replace(plan, pays="", paid_at=None)
        return replace(
            plan,
            cancelled_at=at,
            reason=draw.choice(CANCEL_REASONS),
            refunded_at=self.after(at, draw.uniform(20, 500)),
        )

    def _maybe_add_complaint(self, order: OrderPlan) -> None:
        if order.customer is None or order.cancelled_at or self.draw.random() > 0.08:
            return
        has_goods_at = order.collected_at or order.completed_at
        assert has_goods_at is not None
        at = self.after(has_goods_at, self.draw.uniform(200, 2000))
        if at.astimezone(self.office.zone).date() > self.today:
            return
        plan = self._complaint(at, ComplaintCategory.GOODS)
        self.drawn.complaints.append(replace(plan, customer=order.customer, order=order.key))

    def _complaint(self, at: datetime, category: ComplaintCategory) -> ComplaintPlan:
        draw = self.draw
        chosen = draw.choice(COMPLAINT_TEXTS[category])
        taken_at = self.after(
            at, self._around(70) if draw.random() > 0.12 else draw.uniform(900, 2400)
        )
        resolved_at = self.after(taken_at, self._around(120))
        told_at = self.after(resolved_at, self._around(90))
        is_again = category == ComplaintCategory.GOODS and draw.random() < 0.1
        return ComplaintPlan(
            at=at,
            customer=int(self.known_customers * draw.random()),
            category=category,
            text=chosen.text,
            desired_outcome=chosen.desired_outcome,
            severity=chosen.severity,
            logger=self._seller(at),
            handler=draw.choice(HANDLERS[category]),
            taken_at=taken_at,
            resolved_at=resolved_at,
            outcome=chosen.outcome,
            message=chosen.message,
            told_at=told_at,
            reopen_reason=REOPEN_REASON if is_again else "",
            second_answer_at=self.after(told_at, self._around(150)) if is_again else None,
            second_message=SECOND_MESSAGE if is_again else "",
        )
