"""The office's settings, its sites, opening hours and closures."""

from __future__ import annotations

import uuid
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

MAX_UNDO_SECONDS = 60


def check_time_zone(value: str) -> None:
    """Raises `ValidationError` unless `value` is an IANA time zone such as `Europe/London`."""
    if value not in available_timezones():
        raise ValidationError(
            _("%(zone)s is not a time zone. Enter one such as Europe/London."),
            params={"zone": value},
        )


class Site(models.Model):
    """A place with a counter. Orders, tickets and tills carry their site."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=100)
    address = models.TextField(_("address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """The office's settings. There is one row, with pk 1."""

    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[check_time_zone])
    currency = models.CharField(_("currency"), max_length=3)
    language = models.CharField(_("language"), max_length=10)
    main_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    # Shown on documents and in messages.
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    website = models.CharField(_("website"), max_length=200, blank=True, default="")
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True, default="")
    document_note = models.TextField(_("note on documents"), blank=True, default="")
    # How long Undo is offered after what the customer is told about, in seconds; 0 offers none.
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds for Undo"), default=10, db_default=10
    )
    # When an administrator hid the set-up checklist; null while it is shown.
    checklist_hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Changes with the opening hours and closures: the key of the cached calendar in
    # `officeflow.company.working_time`.
    calendar = models.UUIDField(default=uuid.uuid4, editable=False)
    # Of administrators, HR and accountants: see `officeflow.second_factor`.
    second_factor_required = models.BooleanField(default=False, db_default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="office_is_one_row"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="office_currency_iso_4217"
            ),
            models.CheckConstraint(
                condition=Q(undo_seconds__lte=MAX_UNDO_SECONDS), name="office_undo_within_a_minute"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown; they are stored in UTC."""
        return ZoneInfo(self.time_zone)


MIDNIGHT = time(0, 0)


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as by `date.weekday()`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class SecondsOfWeek(Func):
    """Opening hours as a range of seconds since Monday 00:00; closing at 00:00 ends the day."""

    template = (
        "int4range("
        "(weekday * 86400 + extract(epoch from opens))::integer, "
        "(weekday * 86400 + CASE WHEN closes = '00:00' THEN 86400 "
        "ELSE extract(epoch from closes) END)::integer)"
    )


class OpeningHours(models.Model):
    """An opening on a weekday, in local time.

    A day may have several, as around a lunch break; `closes` at 00:00 is the end of the day.
    Without any row the office is always open.
    """

    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                name="opening_hours_close_after_they_open",
            ),
            ExclusionConstraint(
                name="opening_hours_do_not_overlap",
                expressions=[(SecondsOfWeek(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Closure(models.Model):
    """A date on which the office is closed whatever its weekday, such as a holiday."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"
