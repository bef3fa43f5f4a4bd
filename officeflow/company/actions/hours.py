"""Writes about when the office is open: its hours by weekday, and the days it is closed."""

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

MOST_SPANS_A_DAY = 2


@dataclass(frozen=True, order=True)
class Hours:
    """Open on a weekday (0 is Monday) from a time to a time; midnight is the end of the day."""

    weekday: int
    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


def weekly(days: Iterable[int], opens: time, closes: time) -> tuple[Hours, ...]:
    """The same hours on each of these weekdays."""
    return tuple(Hours(day, opens, closes) for day in days)


OFFICE_HOURS = weekly(range(5), time(9), time(17, 30))


class NoSuchClosure(Conflict):
    """The closure was taken away already."""

    def __init__(self) -> None:
        super().__init__(_("This day has already been removed."))


def hours_of_week() -> list[Hours]:
    """The opening hours as they stand, from Monday on."""
    rows = OpeningHours.objects.order_by("weekday", "opens")
    return [Hours(*row) for row in rows.values_list("weekday", "opens", "closes")]


@transaction.atomic
def set_opening_hours(
    *, actor: AbstractBaseUser | None, hours: Iterable[Hours], calendar: uuid.UUID | None = None
) -> None:
    """Writes the week's opening hours anew; none at all means round the clock.

    `calendar` is the state of the calendar that the form showed. Raises `StaleRecord` when
    somebody was faster, and `Refused` for hours that end before they begin or overlap; its
    `field` is the weekday's name as in `monday`.
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
    _turn_the_page(office)
    record(
        actor=actor,
        action="set_opening_hours",
        subject_kind="office",
        subject="hours",
        changes={"hours": (_written(before), _written(wanted))},
    )


@transaction.atomic
def add_closure(*, actor: AbstractBaseUser, closed_date: date, name: str) -> Closure:
    """Closes the office on a date. Raises `Refused`."""
    called = " ".join(name.split())
    if not called or len(called) > 100:
        raise Refused(_("Enter a short reason, such as Christmas Day."), "name")
    office = Office.objects.select_for_update(of=("self",)).get(pk=1)
    try:
        with transaction.atomic():
            closure = Closure.objects.create(date=closed_date, name=called)
    except IntegrityError as error:
        raise Refused(_("This day is already on the list."), "closed_date") from error
    _turn_the_page(office)
    record(
        actor=actor,
        action="add_closure",
        subject_kind="office",
        subject="closures",
        changes={"date": (None, closed_date), "name": (None, called)},
    )
    return closure


@transaction.atomic
def remove_closure(*, actor: AbstractBaseUser, closed_date: date) -> None:
    """Takes a day off the list of closures again. Raises `NoSuchClosure`."""
    office = Office.objects.select_for_update(of=("self",)).get(pk=1)
    closure = Closure.objects.filter(date=closed_date).first()
    if closure is None:
        raise NoSuchClosure
    closure.delete()
    _turn_the_page(office)
    record(
        actor=actor,
        action="remove_closure",
        subject_kind="office",
        subject="closures",
        changes={"date": (closed_date, None), "name": (closure.name, None)},
    )


def check_hours(hours: list[Hours]) -> None:
    """Raises `Refused` unless the hours, in order, are a week that can be lived."""
    for number, each in enumerate(hours):
        field = Weekday(each.weekday).name.lower()
        if each.closes != MIDNIGHT and each.closes <= each.opens:
            raise Refused(
                _("The closing time must be after the opening time. 00:00 is the end of the day."),
                field,
            )
        same_day = [other for other in hours[:number] if other.weekday == each.weekday]
        if len(same_day) >= MOST_SPANS_A_DAY:
            raise Refused(_("A day can have at most two opening times."), field)
        if any(last.closes == MIDNIGHT or last.closes > each.opens for last in same_day):
            raise Refused(_("The second opening must start after the first one ends."), field)


def _turn_the_page(office: Office) -> None:
    """Whoever remembers the calendar asks for it anew."""
    Office.objects.filter(pk=office.pk).update(calendar=uuid.uuid4())


def _written(hours: list[Hours]) -> str | None:
    return ", ".join(map(str, hours)) or None
