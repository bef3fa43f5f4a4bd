"""Reading the office's settings."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from officeflow.company.models import Office, Site


class NoOffice(Exception):
    """There is no office yet: nobody has set it up."""


def find_office() -> Office | None:
    """The office with its main site, or None before it is set up."""
    return Office.objects.select_related("main_site").filter(pk=1).first()


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
