"""Form fields for free text, days and moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from officeflow.limits import AHEAD, FIRST_DAY
from officeflow.ui.widgets import DateInput


class MultilineField(forms.CharField):
    """Free text of several lines, whose line ends are normalised."""

    def to_python(self, value: Any) -> str:
        """Returns the text with a single character for each line end."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ConditionallyRequiredField(MultilineField):
    """A field that is required only while it is shown; the form checks it in `clean`.

    It is displayed like a required field.
    """

    def validate(self, value: Any) -> None:
        """Checks nothing, because the form does."""


class MultilineInput(forms.Textarea):
    """A text area of a few rows."""

    def __init__(self, rows: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": rows, **(attrs or {})})


def today() -> date:
    """Returns the date in the active time zone, which is the office's."""
    return timezone.localdate()


def years_ahead() -> date:
    """Returns the last day that somebody can plan."""
    return today() + AHEAD


def beginning() -> date:
    """Returns the first day that can be entered."""
    return FIRST_DAY


TOO_EARLY = _("Enter a date from %(earliest)s on.")
TOO_LATE = _("Enter a date up to %(latest)s.")
Bound = Callable[[], date]


def check_day(day: date, earliest: Bound, latest: Bound) -> None:
    """Raises `ValidationError` for a day out of range."""
    if day < (first := earliest()):
        raise ValidationError(TOO_EARLY, "too_early", {"earliest": _written(first)})
    if day > (last := latest()):
        raise ValidationError(TOO_LATE, "too_late", {"latest": _written(last)})


def _written(day: date) -> str:
    return str(formats.date_format(day, "SHORT_DATE_FORMAT"))


class DayField(forms.DateField):
    """A day, as the browser's date picker sends it, between two days that may move with today."""

    widget = DateInput

    def __init__(
        self, *, earliest: Bound = beginning, latest: Bound = years_ahead, **options: Any
    ) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)
        self.earliest, self.latest = earliest, latest

    def validate(self, value: Any) -> None:
        """Raises `ValidationError` for a day out of range."""
        super().validate(value)
        if value is not None:
            check_day(value, self.earliest, self.latest)


class MomentField(forms.DateTimeField):
    """A date and time in the office's time zone, in the range of `DayField`."""

    def to_python(self, value: Any) -> datetime | None:
        """Returns the moment. Raises `ValidationError`, also for a year that no clock has."""
        try:
            return super().to_python(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        """Raises `ValidationError` for a moment out of range."""
        super().validate(value)
        if value is not None:
            check_day(value.date(), beginning, years_ahead)
