"""Reading the office's settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from officeflow.company.models import Office, Site


class NoOffice(Exception):
    """There is no office yet: nobody has set it up."""


# As Django's statement has them: the office's own, and then its main site's.
OFFICE_FIELDS, SITE_FIELDS = (
    [field.attname for field in model._meta.concrete_fields] for model in (Office, Site)
)
# The office as long work has read it.
_kept: ContextVar[Office | None] = ContextVar("officeflow_kept_office", default=None)


@contextmanager
def kept_office(office: Office) -> Iterator[Office]:
    """Reads the office once for work of thousands of steps: inside, everybody gets this record.

    Settings that somebody changes meanwhile hold for what comes after it.
    """
    token = _kept.set(office)
    try:
        yield office
    finally:
        _kept.reset(token)


def find_office() -> Office | None:
    """The office with its main site, or None before it is set up."""
    kept = _kept.get()
    if kept is not None:
        return kept
    with connection.cursor() as cursor:
        cursor.execute(*_statement())
        row = cursor.fetchone()
    if row is None:
        return None
    office = Office.from_db(connection.alias, OFFICE_FIELDS, row[: len(OFFICE_FIELDS)])
    office.main_site = Site.from_db(connection.alias, SITE_FIELDS, row[len(OFFICE_FIELDS) :])
    return office


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """Django's own, written once: writing it anew took most of what it costs to read the office.

    Every page and every hand-off reads it, often more than once.
    """
    found = Office.objects.filter(pk=1).select_related("main_site")
    return found.query.sql_with_params()


def get_office() -> Office:
    """The office with its main site. Raises `NoOffice` before it is set up."""
    office = find_office()
    if office is None:
        raise NoOffice("There is no office yet; set one up first.")
    return office


def office_date(at: datetime | None = None, office: Office | None = None) -> date:
    """The date in the office's own zone at a moment (now unless given)."""
    zone = (office or get_office()).zone
    return timezone.localtime(at or timezone.now(), zone).date()


def day_bounds(day: date, office: Office) -> tuple[datetime, datetime]:
    """The first moment of an office day and of the next one, for half-open ranges."""
    after = day + timedelta(days=1)
    return (
        datetime(day.year, day.month, day.day, tzinfo=office.zone),
        datetime(after.year, after.month, after.day, tzinfo=office.zone),
    )


def main_site() -> Site:
    """The site that new records carry while there is one."""
    return get_office().main_site
