"""Making the demo company: one transaction, so that it is there whole or not at all."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
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
from officeflow.local.demo import customers, goods, people
from officeflow.local.demo.agenda import Agenda
from officeflow.local.demo.clock import moved_clock
from officeflow.local.demo.order_scripts import Company
from officeflow.local.demo.recent import RecentDays
from officeflow.local.demo.season import SEED, Season
from officeflow.local.environment import DEMO_DAYS
from officeflow.staff.models import User

Say = Callable[[str], None]
SHOP_HOURS = weekly(range(6), time(9), time(17, 30))
RAVIS_RATE = Decimal("0.0250")
# Once the workers were away over lunch: the dashboards show it.
WITHOUT_WORKERS = timedelta(minutes=45)


class DemoIncomplete(Exception):
    """A hand-off of the demo could not be applied: nothing of the demo was kept."""


def make(say: Say, *, days: int = DEMO_DAYS) -> bool:
    """Makes the demo company unless there is an office; says whether it did.

    It lives through its last `days` days, and all of that happens in one transaction: whoever is
    stopped half-way leaves nothing behind, and the next one begins anew. Two at once: the second
    waits for the first and finds its office. Raises `DemoIncomplete`.
    """
    if find_office() is not None:
        return False
    now = timezone.now()
    with transaction.atomic(), one_piece(), record_in_batches():
        say("opening the office")
        locksmith = people.Locksmith()
        try:
            founded = now - timedelta(days=days + 1)
            with moved_clock(founded) as clock:
                office = found()
                agenda = Agenda(clock, random.Random(SEED))
                with (
                    cached_office(office),
                    timezone.override(office.zone),
                    translation.override(office.language),
                ):
                    staff = live(office, agenda, now, days, say)
            locksmith.hand_out(staff)
        finally:
            locksmith.close()
    return True


@contextmanager
def one_piece() -> Iterator[None]:
    """Makes no savepoints inside: whatever fails takes all of the demo with it.

    They are half of what is said to PostgreSQL, and the garbage collector finds nothing in it.
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


def found() -> Office:
    """The office itself."""
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
    )


def live(office: Office, agenda: Agenda, now: datetime, days: int, say: Say) -> dict[str, User]:
    """All days up to now; gives the people by their user names."""
    say("hiring people, stocking the catalogue")
    staff = people.employ()
    products = goods.stock_up(staff["ada"])
    set_commission_rate(
        actor=staff["hanna"],
        user=staff["ravi"],
        rate=RAVIS_RATE,
        valid_from_date=office_date(timezone.now(), office),
    )
    memory = customers.Memory(staff["rosa"])
    company = Company(office, agenda, staff, products, memory.greet)
    today = office_date(now, office)
    season = Season(office, today, days, memory.how_many)
    for place in range(season.seen):
        memory.greet(place)
    say(f"creating {days} day{'s' if days > 1 else ''} of history")
    drawn = season.plans()
    for plans in (drawn, RecentDays(office, now).plans()):
        for order in plans.orders:
            company.expect(order)
        for complaint in plans.complaints:
            company.expect(complaint)
    for days_ago in range(0, days, 7):
        at = datetime.combine(today - timedelta(days=days_ago), time(8), tzinfo=office.zone)
        agenda.note(at, lambda left=days_ago: say(f"{left} days ago"))  # type: ignore[misc]
    # Just before somebody orders, so that there is something to wait.
    quiet = now - timedelta(days=min(17, days // 2))
    away = min((plan.at for plan in drawn.orders if plan.at > quiet), default=now)
    agenda.stop_handoffs(away - timedelta(minutes=1), away + WITHOUT_WORKERS)
    agenda.note(now - timedelta(hours=6), lambda: people.have_stand_in(staff, office))
    agenda.live(now)
    for place in range(memory.how_many):
        memory.greet(place)
    _check()
    return staff


def _check() -> None:
    left = Handoff.objects.filter(delivered_at__isnull=True).order_by("pk").first()
    if left is not None:
        raise DemoIncomplete(
            f"{left.contract} for {left.destination} was not applied: {left.last_error}"
        )
