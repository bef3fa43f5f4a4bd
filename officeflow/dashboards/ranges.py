"""The days that a dashboard covers, and the spans in which it counts them.

One day is counted by the hour, up to two months by the day, longer ranges by the week, all in the
office's zone. The spans follow each other without a gap, so they always add up to the range: the
day on which the clock goes back has 25 hours here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, office_date
from officeflow.limits import FIRST_DAY, LAST_DAY, is_moment
from officeflow.ui.charts import Label
from officeflow.ui.widgets import DateInput

PRESETS = {"today": 1, "7": 7, "30": 30, "90": 90}
MAX_DAYS_BY_DAY = 62
MAX_DAYS = 731
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """A part of a range: from its first moment until just before the next span."""

    start: datetime
    end: datetime
    label: Label


@dataclass(frozen=True)
class Range:
    """From the first day to the last, both included. `preset` is empty for custom days."""

    first: date
    last: date
    office: Office
    preset: str = ""

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def by_hour(self) -> bool:
        """Whether it is counted by the hour."""
        return self.days == 1

    @property
    def by_week(self) -> bool:
        """Whether it is counted by the week."""
        return self.days > MAX_DAYS_BY_DAY

    @property
    def start(self) -> datetime:
        """The first moment of the first day."""
        return day_bounds(self.first, self.office)[0]

    @property
    def end(self) -> datetime:
        """The first moment after the last day."""
        return day_bounds(self.last, self.office)[1]

    @property
    def head(self) -> str:
        """The heading of a column of spans."""
        if self.by_hour:
            return _("Hour")
        return _("Week") if self.by_week else _("Day")

    @property
    def text(self) -> str:
        """The range in words: `Saturday 21 November 2026`, `15 Nov to 21 Nov 2026`."""
        if self.by_hour:
            return formats.date_format(self.first, "l j F Y")
        return _("%(first)s to %(last)s") % {
            "first": formats.date_format(self.first, "j M Y"),
            "last": formats.date_format(self.last, "j M Y"),
        }

    @cached_property
    def spans(self) -> list[Span]:
        """Every span, in order."""
        if self.by_hour:
            return _hours(self.start, self.end, self.office)
        step = 7 if self.by_week else 1
        spans, day = [], self.first
        while day <= self.last:
            # Weeks begin on Mondays, so the first and the last may be shorter.
            reach = step - day.weekday() if step == 7 else 1
            until = min(day + timedelta(days=reach), self.last + timedelta(days=1))
            label = _week_label(day, until) if step == 7 else _day_label(day)
            spans.append(
                Span(day_bounds(day, self.office)[0], day_bounds(until, self.office)[0], label)
            )
            day = until
        return spans

    @cached_property
    def bounds(self) -> list[datetime]:
        """The moments between which the reports count, in UTC: one more than there are spans."""
        moments = [span.start for span in self.spans] + [self.spans[-1].end]
        return [moment.astimezone(UTC) for moment in moments]

    @property
    def query(self) -> str:
        """The range as a query string."""
        if self.preset:
            return urlencode({"range": self.preset})
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})


def _hours(start: datetime, end: datetime, office: Office) -> list[Span]:
    spans: list[Span] = []
    moment, last = start.astimezone(UTC), end.astimezone(UTC)
    seen: set[str] = set()
    while moment < last:
        # In UTC, where an hour is always an hour; shown as the office's clocks show it.
        following = min(moment + HOUR, last)
        local = moment.astimezone(office.zone)
        ends = following.astimezone(office.zone)
        full = f"{local:%H:%M}–{ends:%H:%M}"
        if full in seen or f"{local:%H:%M}" in seen:
            full = f"{full} ({local:%Z})"
        seen |= {full, f"{local:%H:%M}"}
        spans.append(Span(moment, following, Label(short=f"{local:%H}", full=full)))
        moment = following
    return spans


def _day_label(day: date) -> Label:
    return Label(short=formats.date_format(day, "j M"), full=formats.date_format(day, "D j M Y"))


def _week_label(first: date, until: date) -> Label:
    last = until - timedelta(days=1)
    return Label(
        short=formats.date_format(first, "j M"),
        full=_("%(first)s to %(last)s")
        % {
            "first": formats.date_format(first, "j M"),
            "last": formats.date_format(last, "j M Y"),
        },
    )


class CustomRangeForm(forms.Form):
    """Custom days: from and to, both included."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        # `from` is a keyword of Python, so the fields cannot be written as attributes.
        for name, label in (("from", gettext_lazy("From")), ("to", gettext_lazy("To"))):
            self.fields[name] = forms.DateField(
                label=label,
                widget=DateInput(attrs={"max": today.isoformat()}),
                error_messages={
                    "required": _("Choose a first and a last day."),
                    "invalid": _("Enter a day such as %(day)s.")
                    % {"day": formats.date_format(today, "SHORT_DATE_FORMAT")},
                },
            )

    def clean(self) -> dict[str, Any]:
        """Checks that the days are in order, not after today and not too far apart."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and first > self.today:
            self.add_error("from", _("This day is in the future. Choose today or an earlier day."))
        elif first and last and last < first:
            self.add_error("to", _("The last day must not be before the first day."))
        elif first and last and (last - first).days >= MAX_DAYS:
            self.add_error("to", _("This is more than two years. Choose a shorter period."))
        return cleaned


@dataclass(frozen=True)
class RangeSelection:
    """The range of a query, and the form with what was typed."""

    range: Range
    form: CustomRangeForm

    @property
    def is_custom(self) -> bool:
        """Whether the query has custom days, valid or not."""
        return self.form.is_bound

    @property
    def is_invalid(self) -> bool:
        """Whether the custom days are invalid."""
        return self.form.is_bound and bool(self.form.errors)


def select_range(
    address: dict[str, str], office: Office, *, default: str, now: datetime | None = None
) -> RangeSelection:
    """The range of a query: `range=7`, or `from=` and `to=` days; the default preset without.

    Invalid days give the default range, and the form says what is wrong with them.
    """
    today = office_date(now or timezone.now(), office)
    preset = address.get("range", "")
    if "from" in address or "to" in address:
        form = CustomRangeForm(address, today=today)
        if form.is_valid():
            first, last = form.cleaned_data["from"], min(form.cleaned_data["to"], today)
            return RangeSelection(Range(first, max(first, last), office), form)
        preset = default
    else:
        preset = preset if preset in PRESETS else default
        first = today - timedelta(days=PRESETS[preset] - 1)
        form = CustomRangeForm(
            initial={"from": first.isoformat(), "to": today.isoformat()}, today=today
        )
    first = today - timedelta(days=PRESETS[preset] - 1)
    return RangeSelection(Range(first, today, office, preset), form)


def read_moment(text: str, office: Office, *, is_end: bool = False) -> datetime | None:
    """A bound of a filter: a moment, or a day in the office's zone (its end with `is_end`).

    None for any other text, and for what no zone can show.
    """
    text = text.strip().replace(" ", "+")  # an unescaped plus arrives as a space
    try:
        if len(text) <= len("2026-11-21"):
            day = date.fromisoformat(text)
            start, end = day_bounds(day, office)
            return (end if is_end else start) if FIRST_DAY <= day <= LAST_DAY else None
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=office.zone)
        return moment if is_moment(moment, office.zone) else None
    except ValueError:
        return None
