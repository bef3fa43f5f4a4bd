"""The pattern of a filled office: a hundred orders with all their effects, by the real actions.

`growth` copies these rows with other numbers, names and times until the office is as large as
asked. So the copies have whatever rows the product itself writes for an order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal
from unittest.mock import patch

from django.db import connection
from django.utils import timezone, translation

from backoffice.hr.actions import set_commission_rate
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.actions.customers import add_customer
from frontdesk.customers.models import Customer
from frontdesk.payments.actions.receipts import IssuedReceipt
from frontdesk.payments.models.methods import DefaultMethod
from officeflow.catalogue.models import Product
from officeflow.company.actions import set_up_office, weekly
from officeflow.company.queries import cached_office, get_office, office_date
from officeflow.handoff.models import Handoff
from officeflow.local.demo import people, products
from officeflow.local.demo.clock import MovedClock
from officeflow.local.demo.order_scripts import DemoContext
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, Question
from officeflow.local.demo.schedule import Schedule
from officeflow.staff.models import User

ORDERS = 100  # in the pattern
CUSTOMERS = ORDERS // 5
DAYS = 90
# What each copy replaces by a word of its own; the second as `name_key` writes the first.
WORD, WORD_KEY = "Qxqx", "qxqx"
FIRST_NAMES_TEXT = (
    "Nora Émile Grace Oliver Priya Tomáš Linh Harriet Samuel Ingrid Mateo Fatima Jonas Kavita"
    " Peter Amina Ruth Yusuf Charlotte Daniel"
)
FIRST_NAMES = FIRST_NAMES_TEXT.split()
ENDINGS_TEXT = (
    "berg well son mann ova field ton dottir ski ley ford hart wood stein quist man worth by"
    " ard ini"
)
ENDINGS = ENDINGS_TEXT.split()
GOODS_TEXT = (
    "LAMP-DESK NOTE-A5 MUG-SWIFT CANDLE PEN-FOUNT TEAPOT BOOK-BIRDS CARD-SET BULB-E27"
    " VASE-TALL CUSHION PUZZLE INK-BLUE"
)
GOODS = GOODS_TEXT.split()
HOURS = weekly(range(7), time(8), time(20))
SELLERS, PACKERS = ("rosa", "ravi", "selma"), ("femi", "tom", "lena")


class SessionClock(MovedClock):
    """Moves the clock of this process and of its database session, for many transactions."""

    def move(self, to: datetime) -> None:
        """Moves the clock forward; does nothing when `to` has passed already."""
        if to > self.now:
            self.now = to
            _tell_postgres(str(to))


def _tell_postgres(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('officeflow.moved_clock', %s, false)", [moment])


@contextmanager
def session_clock(start: datetime) -> Iterator[SessionClock]:
    """Lets `timezone.now()` and `office_clock()` return the clock's time."""
    clock, real = SessionClock(datetime.min.replace(tzinfo=start.tzinfo)), timezone.now
    clock.move(start)
    timezone.now = lambda: clock.now
    try:
        yield clock
    finally:
        timezone.now = real
        _tell_postgres("")


@contextmanager
def no_files() -> Iterator[None]:
    """Draws no receipts: each is drawn at its first use, as invoices are, and copies have none."""
    with patch.object(IssuedReceipt, "keep", lambda _: None):
        yield


def found_office() -> dict[str, User]:
    """Sets up the office with its people and products; returns the people by user name."""
    office = set_up_office(
        actor=None,
        name="The Paper Lantern",
        time_zone="Europe/London",
        currency="GBP",
        language="en-gb",
        site_name="Bridge Street",
        site_address="21 Bridge Street\nLondon SE1 9AA",
        opening_hours=HOURS,
        undo_seconds=0,
    )
    staff = people.hire_staff()
    products.create_products(staff["ada"])
    set_commission_rate(
        actor=staff["hanna"],
        user=staff["rosa"],
        rate=Decimal("0.0250"),
        valid_from_date=office_date(timezone.now(), office),
    )
    return staff


def order_plan(place: int, at: datetime, draw: random.Random) -> OrderPlan:
    """Returns the plan of one order of the pattern; `place` counts from the latest, which is 0."""
    is_walk_in, is_delivery = place % 7 == 3, place % 4 == 1
    taken_at, done_at = at + timedelta(minutes=20), at + timedelta(minutes=55)
    is_paid = place % 3 != 1
    plan = {
        "key": str(place),
        "at": at,
        "customer": None if is_walk_in else place % CUSTOMERS,
        "lines": tuple(zip(draw.sample(GOODS, 2), draw.choices("1112", k=2), strict=True)),
        "seller": SELLERS[place % 3],
        "packer": PACKERS[place % 3],
        "is_delivery": is_delivery and not is_walk_in,
        "wanted_in_days": 3 + place % 5 if place % 6 == 0 else None,
        "note": "Wrap it as a present." if place % 9 == 0 else "",
        "method": DefaultMethod.CASH if place % 5 == 0 else DefaultMethod.CARD,
        "pays": "full" if is_paid else "",
        "paid_at": at + timedelta(minutes=2) if is_paid else None,
    }
    is_open = place < ORDERS // 2 and place % 2 == 0  # a quarter of all
    if is_open and place % 10 == 4:
        plan |= {"taken_at": taken_at}
    elif is_open and place == 8:
        plan |= {"taken_at": taken_at, "question": Question(text="Which one?", asked_at=done_at)}
    elif place in (33, 61, 93):  # the refund of the first is still due
        plan |= {"cancelled_at": at + timedelta(minutes=8), "reason": "Bought elsewhere."}
        plan |= {"refunded_at": at + timedelta(hours=1) if place == 93 else None}
    elif not is_open:
        plan |= {"taken_at": taken_at, "completed_at": done_at}
        if place % 29 != 0 and not plan["is_delivery"]:
            plan |= {"collected_at": at + timedelta(hours=2)}
    return OrderPlan(**plan)  # type: ignore[arg-type]


def complaint_plans(orders: list[OrderPlan]) -> Iterator[ComplaintPlan]:
    """Yields the plans of the complaints: one of goods resolved, one of billing open, ..."""
    cases = (
        (50, ComplaintCategory.GOODS, "femi"),
        (70, ComplaintCategory.BILLING, "amir"),
        (20, ComplaintCategory.SERVICE, "maya"),
    )
    for place, category, handler in cases:
        at = orders[place].at + timedelta(hours=3)
        is_open = category == ComplaintCategory.SERVICE
        yield ComplaintPlan(
            at=at,
            customer=place % CUSTOMERS,
            category=category,
            text="The handle came off on the first day.",
            order=str(place),
            logger="rosa",
            handler=handler,
            taken_at=None if is_open else at + timedelta(minutes=30),
            resolved_at=None if is_open else at + timedelta(minutes=90),
            outcome="" if is_open else "upheld",
            message="" if is_open else "We replace it.",
            told_at=None if is_open else at + timedelta(minutes=120),
        )


def add_pattern_customer(actor: User, place: int) -> Customer:
    """Adds a customer whose name, e-mail address and street hold the word that copies replace."""
    return add_customer(
        actor=actor,
        name=f"{FIRST_NAMES[place]} {WORD}{ENDINGS[place]}",
        phone=f"020 7000 {place:04d}",
        email=f"{WORD_KEY}{ENDINGS[place]}@example.org" if place % 4 else "",
        address=f"{place + 1} {WORD} Street\nLondon SW{place} {place % 9}AA",
    )


def write_pattern(staff: dict[str, User], now: datetime) -> None:
    """Writes the customers, orders and complaints up to now with the effects of their hand-offs."""
    office, draw = get_office(), random.Random(5)
    with (
        session_clock(now - timedelta(days=DAYS + 1)) as clock,
        no_files(),
        cached_office(office),
        timezone.override(office.zone),
        translation.override(office.language),
    ):
        customers = [add_pattern_customer(staff["rosa"], place) for place in range(CUSTOMERS)]
        schedule = Schedule(clock, draw)
        catalogue = {product.sku: product for product in Product.objects.all()}
        company = DemoContext(office, schedule, staff, catalogue, customers.__getitem__)
        orders = []
        for place in range(ORDERS):
            at = now - timedelta(minutes=40 + 7 * place)
            if place > 1:  # two of today
                day = (now - timedelta(days=1 + place * (DAYS - 1) / ORDERS)).astimezone(
                    office.zone
                )
                at = datetime.combine(day, time(9 + place % 8, place % 60), tzinfo=office.zone)
            orders.append(order_plan(place, at, draw))
        for order in orders:
            company.schedule_plan(order)
        for complaint in complaint_plans(orders):
            company.schedule_plan(complaint)
        schedule.run_until(now)
    left = Handoff.objects.filter(delivered_at__isnull=True).first()
    if left is not None:
        raise SystemExit(f"{left} was not applied: {left.last_error}")
