"""Writes of opening hours and closures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.company.models import MIDNIGHT, Closure, Office, OpeningHours, Weekday
from officeflow.errors import Conflict, Refused, StaleRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MAX_SPANS_A_DAY = 2


@dataclass(frozen=True, order=True)
class Hours:
    """One opening on a weekday (0 is Monday); `closes` at 00:00 is the end of the day."""

    weekday: int
    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


def weekly(days: Iterable[int], opens: time, closes: time) -> tuple[Hours, ...]:
    """Returns the same hours for each of these weekdays."""
    return tuple(Hours(day, opens, closes) for day in days)


OFFICE_HOURS = weekly(range(5), time(9), time(17, 30))


class NoSuchClosure(Conflict):
    """The closure does not exist, or was removed already."""

    def __init__(self) -> None:
        super().__init__(_("This day is not on the list of closed days."))


def hours_of_week() -> list[Hours]:
    """Returns the current opening hours, from Monday on."""
    rows = OpeningHours.objects.order_by("weekday", "opens")
    return [Hours(*row) for row in rows.values_list("weekday", "opens", "closes")]


@transaction.atomic
def set_opening_hours(
    *, actor: AbstractBaseUser | None, hours: Iterable[Hours], calendar: uuid.UUID | None = None
) -> None:
    """Replaces the opening hours; no hours mean that the office is always open.

    `calendar` is the `Office.calendar` that the form showed. Raises `StaleRecord` when the hours
    or closures changed since, and `Refused` as `check_hours` does.
    """
    wanted = sorted(hours)
    office = Office.objects.select_for_update(of=("self",)).get(pk=1)
    before = hours_of_week()
    if calendar is not None and office.calendar != calendar:
        raise StaleRecord(before)
    check_hours(wanted)
    if wanted == before:
        return
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in wanted
    )
    _renew_calendar(office)
    record(
        actor=actor,
        action="set_opening_hours",
        subject_kind="office",
        subject="hours",
        changes={"hours": (_text_of(before), _text_of(wanted))},
    )


@transaction.atomic
def add_closure(*, actor: AbstractBaseUser, closed_date: date, name: str) -> Closure:
    """Adds a date on which the office is closed. Raises `Refused`."""
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise Refused(_("Enter a short reason, such as Christmas Day."), "name")
    office = Office.objects.select_for_update(of=("self",)).get(pk=1)
    try:
        with transaction.atomic():
            closure = Closure.objects.create(date=closed_date, name=name)
    except IntegrityError as error:
        raise Refused(_("This day is already on the list."), "closed_date") from error
    _renew_calendar(office)
    record(
        actor=actor,
        action="add_closure",
        subject_kind="office",
        subject="closures",
        changes={"date": (None, closed_date), "name": (None, name)},
    )
    return closure


@transaction.atomic
def remove_closure(*, actor: AbstractBaseUser, closed_date: date) -> None:
    """Removes a closure. Raises `NoSuchClosure`."""
    office = Office.objects.select_for_update(of=("self",)).get(pk=1)
    closure = Closure.objects.filter(date=closed_date).first()
    if closure is None:
        raise NoSuchClosure
    closure.delete()
    _renew_calendar(office)
    record(
        actor=actor,
        action="remove_closure",
        subject_kind="office",
        subject="closures",
        changes={"date": (closed_date, None), "name": (closure.name, None)},
    )


def check_hours(hours: list[Hours]) -> None:
    """Raises `Refused` for sorted hours that overlap, end before they begin, or are too many.

    `field` of the error is the weekday's name in lower case, such as `monday`.
    """
    for number, each in enumerate(hours):
        field = Weekday(each.weekday).name.lower()
        if each.closes != MIDNIGHT and each.closes <= each.opens:
            raise Refused(
                _("The closing time must be after the opening time. 00:00 is the end of the day."),
                field,
            )
        same_day = [other for other in hours[:number] if other.weekday == each.weekday]
        if len(same_day) >= MAX_SPANS_A_DAY:
            raise Refused(_("A day can have at most two opening times."), field)
        if any(last.closes == MIDNIGHT or last.closes > each.opens for last in same_day):
            raise Refused(_("The second opening must start after the first one has ended."), field)


def _renew_calendar(office: Office) -> None:
    """Sets a new `calendar`, so that cached calendars of every process are read again."""
    Office.objects.filter(pk=office.pk).update(calendar=uuid.uuid4())


def _text_of(hours: list[Hours]) -> str | None:
    return ", ".join(map(str, hours)) or None
