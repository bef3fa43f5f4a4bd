"""The forms of opening hours and closures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow.company.actions import Hours, check_hours
from officeflow.company.models import Weekday
from officeflow.errors import Refused
from officeflow.ui.edit_conflict import CalendarField
from officeflow.ui.fields import DayField

SPANS = (1, 2)


class TimeOfDayInput(forms.TimeInput):
    """The browser's control for a time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


@dataclass(frozen=True)
class Day:
    """A weekday's row of the form: two spans, each an opening and a closing time."""

    key: str
    label: str
    spans: list[tuple[BoundField, BoundField]]

    @property
    def errors(self) -> list[str]:
        """The error messages of the row."""
        return [str(error) for span in self.spans for bound in span for error in bound.errors]


class HoursForm(forms.Form):
    """A week of opening hours: for each weekday up to two spans; an empty row is a closed day."""

    calendar = CalendarField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            key = day.name.lower()
            for span in SPANS:
                again = span > 1
                opens = _("%(day)s, opens again") if again else _("%(day)s, opens")
                closes = _("%(day)s, closes again") if again else _("%(day)s, closes")
                for end, label in (("opens", opens), ("closes", closes)):
                    self.fields[f"{key}_{end}_{span}"] = forms.TimeField(
                        label=label % {"day": day.label},
                        required=False,
                        widget=TimeOfDayInput,
                        input_formats=["%H:%M", "%H:%M:%S"],
                    )

    @staticmethod
    def values(hours: Iterable[Hours]) -> dict[str, time]:
        """Returns the form's values for opening hours."""
        found: dict[str, time] = {}
        for each in hours:
            key = Weekday(each.weekday).name.lower()
            span = 2 if f"{key}_opens_1" in found else 1
            found[f"{key}_opens_{span}"], found[f"{key}_closes_{span}"] = each.opens, each.closes
        return found

    def days(self) -> Iterator[Day]:
        """Yields the rows, from Monday on."""
        for day in Weekday:
            key = day.name.lower()
            spans = [(self[f"{key}_opens_{span}"], self[f"{key}_closes_{span}"]) for span in SPANS]
            yield Day(key, str(day.label), spans)

    def clean(self) -> dict[str, Any]:
        """Sets `hours` and adds errors to the days that they concern."""
        cleaned = super().clean() or self.cleaned_data
        hours: list[Hours] = []
        for day in Weekday:
            key = day.name.lower()
            for span in SPANS:
                names = f"{key}_opens_{span}", f"{key}_closes_{span}"
                if any(name in self.errors for name in names):
                    continue
                opens, closes = (cleaned.get(name) for name in names)
                if opens is None and closes is None:
                    continue
                if opens is None or closes is None:
                    missing = names[0] if opens is None else names[1]
                    self.add_error(missing, gettext("Enter both times, or neither."))
                    continue
                hours.append(Hours(day.value, opens, closes))
        self.hours = tuple(sorted(hours))
        try:
            check_hours(list(self.hours))
        except Refused as refused:
            self.add_error(f"{refused.field}_closes_1", refused.message)
        return cleaned


class ClosureForm(forms.Form):
    """A day on which the office is closed."""

    closed_date = DayField(label=_("Day"))
    name = forms.CharField(label=_("Reason"), max_length=100)
