"""The form of the office's settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from officeflow.company.actions import OfficeSettings
from officeflow.company.currency import CODES


def _zones() -> list[tuple[str, str]]:
    """The zones that are named after a place, and UTC."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def _currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in sorted(CODES)]


class OfficeForm(forms.Form):
    """What the office says about itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the office"), max_length=100)
    site_name = forms.CharField(label=_("Name of the site"), max_length=100)
    site_address = forms.CharField(
        label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)
    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def wanted(self) -> OfficeSettings:
        """What was typed, for the action."""
        values: dict[str, Any] = {**self.cleaned_data}
        values.pop("version")
        return OfficeSettings(**values)
