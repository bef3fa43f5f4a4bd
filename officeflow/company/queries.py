"""Reading the office's settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow import limits
from officeflow.company.models import Office, Site
from officeflow.errors import Refused
from officeflow.postgres.rows import read_rows, records_of, sql_of


class NoOffice(Exception):
    """The office is not set up yet."""


_cached: ContextVar[Office | None] = ContextVar("officeflow_cached_office", default=None)


@contextmanager
def cached_office(office: Office) -> Iterator[Office]:
    """Within the block, `find_office` returns this record without a query."""
    token = _cached.set(office)
    try:
        yield office
    finally:
        _cached.reset(token)


def find_office() -> Office | None:
    """Returns the office with its main site, or None before it is set up."""
    cached = _cached.get()
    if cached is not None:
        return cached
    for row in read_rows(_statement(), [1]):
        office: Office
        office, office.main_site = records_of(row, Office, Site)
        return office
    return None


@cache
def _statement() -> str:
    """Returns the SQL of the office with a key."""
    return sql_of(Office.objects.filter(pk=1).select_related("main_site"))


def get_office() -> Office:
    """Returns the office with its main site. Raises `NoOffice` before it is set up."""
    office = find_office()
    if office is None:
        raise NoOffice("The office is not set up yet.")
    return office


# A click in the last second of the countdown still has to arrive.
LATE_CLICK = timedelta(seconds=3)


def undo_window(office: Office | None = None) -> timedelta:
    """Returns for how long Undo is accepted, and what the customer is told about waits."""
    seconds = (office or get_office()).undo_seconds
    return timedelta(seconds=seconds) + LATE_CLICK if seconds else timedelta(0)


def undo_runs(since: datetime | None, now: datetime) -> bool:
    """Returns whether what was done at `since` can still be taken back by Undo."""
    return since is not None and now < since + undo_window()


def office_date(at: datetime | None = None, office: Office | None = None) -> date:
    """Returns the date in the office's time zone at `at`, by default now."""
    zone = (office or get_office()).zone
    return timezone.localtime(at or timezone.now(), zone).date()


def day_bounds(day: date, office: Office) -> tuple[datetime, datetime]:
    """Returns the first moments of a day and of the next one, in the office's time zone."""
    day = limits.within(day)
    after = day + timedelta(days=1)
    return (
        datetime(day.year, day.month, day.day, tzinfo=office.zone),
        datetime(after.year, after.month, after.day, tzinfo=office.zone),
    )


def find_site(code: str) -> Site:
    """Returns the site in use with a code. Raises `Refused`."""
    site = Site.objects.filter(code=code, is_active=True).first()
    if site is None:
        raise Refused(_("No site in use has this code. Check the code."), "site")
    return site


def stays_in_use(site: Site) -> bool:
    """Returns whether a site is in use, and keeps it so until the transaction ends.

    Whoever stores what keeps a site in use asks this before. A deactivation at the same time waits,
    and then finds it; or it was first, and the answer is no.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM company_site WHERE id = %s FOR KEY SHARE", [site.pk])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def main_site() -> Site:
    """Returns the site that new records carry."""
    return get_office().main_site
