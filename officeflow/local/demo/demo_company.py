"""Creates the demo company in one transaction, so that a failure leaves nothing behind."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone, translation

from backoffice.hr.actions import set_commission_rate
from officeflow.audit.actions import record_in_batches
from officeflow.company.actions import set_up_office, weekly
from officeflow.company.models import Office
from officeflow.company.queries import cached_office, find_office, office_date
from officeflow.handoff.models import Handoff
from officeflow.local.demo import customers, people, products
from officeflow.local.demo.clock import moved_clock
from officeflow.local.demo.order_scripts import DemoContext
from officeflow.local.demo.random_history import SEED, RandomHistory
from officeflow.local.demo.recent import RecentDays
from officeflow.local.demo.schedule import Schedule
from officeflow.local.run_options import DEMO_DAYS
from officeflow.staff.models import User

Report = Callable[[str], None]
SHOP_HOURS = weekly(range(6), time(9), time(17, 30))
RAVIS_RATE = Decimal("0.0250")
WITHOUT_WORKERS = timedelta(minutes=45)  # an interruption that the dashboards show


class DemoIncomplete(Exception):
    """A hand-off of the demo could not be applied, so the demo was not created."""


def create_demo_company(report: Report, *, days: int = DEMO_DAYS) -> bool:
    """Creates the demo company with `days` days of history; returns False when an office exists.

    Everything happens in one transaction. A second call at the same time waits for the first and
    then finds its office. Raises `DemoIncomplete`.
    """
    if find_office() is not None:
        return False
    now = timezone.now()
    with transaction.atomic(), without_savepoints(), record_in_batches():
        report("creating the office")
        hasher = people.PasswordHasher()
        try:
            founded = now - timedelta(days=days + 1)
            with moved_clock(founded) as clock:
                office = create_office()
                schedule = Schedule(clock, random.Random(SEED))
                with (
                    cached_office(office),
                    timezone.override(office.zone),
                    translation.override(office.language),
                ):
                    staff = create_history(office, schedule, now, days, report)
            hasher.set_passwords(staff)
        finally:
            hasher.close()
    return True


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Switches savepoints and garbage collection off, which saves half of the statements.

    A failure rolls back the whole demo, so no savepoint is needed.
    """
    features, gc_was_on = connection.features, gc.isenabled()
    features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        del features.uses_savepoints
        if gc_was_on:
            gc.enable()


def create_office() -> Office:
    """Creates and returns the office."""
    return set_up_office(
        actor=None,
        name="The Paper Lantern",
        time_zone="Europe/London",
        currency="GBP",
        language="en-gb",
        site_name="The Paper Lantern, Bridge Street",
        site_address="21 Bridge Street\nLondon SE1 9AA",
        opening_hours=SHOP_HOURS,
        is_demo=True,
        # Nobody undoes anything in the history, so its messages do not wait.
        undo_seconds=0,
    )


def create_history(
    office: Office, schedule: Schedule, now: datetime, days: int, report: Report
) -> dict[str, User]:
    """Creates people, products and all events up to now; returns the people by user name."""
    report("creating people and products")
    staff = people.hire_staff()
    catalogue = products.create_products(staff["ada"])
    set_commission_rate(
        actor=staff["hanna"],
        user=staff["ravi"],
        rate=RAVIS_RATE,
        valid_from_date=office_date(timezone.now(), office),
    )
    records = customers.CustomerList(staff["rosa"])
    company = DemoContext(office, schedule, staff, catalogue, records.get)
    today = office_date(now, office)
    history = RandomHistory(office, today, days, records.count)
    for place in range(history.known_customers):
        records.get(place)
    report(f"creating {days} day{'s' if days > 1 else ''} of history")
    drawn = history.plans()
    for plans in (drawn, RecentDays(office, now).plans()):
        for order in plans.orders:
            company.schedule_plan(order)
        for complaint in plans.complaints:
            company.schedule_plan(complaint)
    for days_ago in range(0, days, 7):
        at = datetime.combine(today - timedelta(days=days_ago), time(8), tzinfo=office.zone)
        schedule.add(at, lambda left=days_ago: report(f"{left} days ago"))  # type: ignore[misc]
    away = interruption([plan.at for plan in drawn.orders], now, days)
    if away is not None:
        schedule.stop_workers(away - timedelta(minutes=1), away + WITHOUT_WORKERS)
    schedule.add(now - timedelta(hours=6), lambda: people.grant_stand_in_role(staff, office))
    schedule.run_until(now)
    for place in range(records.count):
        records.get(place)
    _check_all_applied()
    Office.objects.update(undo_seconds=Office._meta.get_field("undo_seconds").default)
    return staff


def interruption(order_times: Sequence[datetime], now: datetime, days: int) -> datetime | None:
    """Returns when the workers stop for `WITHOUT_WORKERS`: at an order, so that hand-offs wait.

    It is the first order of the history's second half, or of its last 17 days, after which the
    workers are back by now; on a Monday morning of a short history, the last order of the week
    before. None when there is no such order.
    """
    over = sorted(at for at in order_times if at + WITHOUT_WORKERS < now)
    quiet = now - timedelta(days=min(17, days // 2))
    return next((at for at in over if at > quiet), over[-1] if over else None)


def _check_all_applied() -> None:
    left = Handoff.objects.filter(delivered_at__isnull=True).order_by("pk").first()
    if left is not None:
        raise DemoIncomplete(
            f"{left.contract} for {left.destination} was not applied: {left.last_error}"
        )
