"""The form of the office's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.company.actions import OfficeSettings
from officeflow.company.models import MAX_UNDO_SECONDS
from officeflow.company.queries import find_office
from officeflow.company.zones import find_zone, zone_label
from officeflow.money import CURRENCIES
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.widgets import ComboboxInput, PhoneInput


class TimeZoneField(forms.CharField):
    """A time zone, found by the name of a place: `London` becomes `Europe/London`."""

    widget = ComboboxInput(reverse_lazy("zones"))
    default_error_messages = {"unclear": _("Choose a time zone from the list, such as London.")}

    def prepare_value(self, value: Any) -> Any:
        """Returns the zone's label."""
        return zone_label(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Returns the zone's name. Raises `ValidationError` when none or several match."""
        typed = super().clean(value)
        if not typed:
            return ""
        zone = find_zone(typed)
        if not zone:
            raise forms.ValidationError(self.error_messages["unclear"], code="unclear")
        return zone


def currencies() -> list[tuple[str, str]]:
    """Returns the currencies as choices, with the office's own even when it is out of use."""
    office = find_office()
    return [(code, code) for code in sorted(CURRENCIES | ({office.currency} if office else set()))]


class ContactFields(forms.Form):
    """Name, contact, time zone, currency and language of the office."""

    name = forms.CharField(label=_("Name of the office"), max_length=100)
    site_address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=limits.ADDRESS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=limits.PHONE, widget=PhoneInput
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    time_zone = TimeZoneField(label=_("Time zone"), max_length=limits.LABEL)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    language = forms.ChoiceField(label=_("Language and region"), choices=settings.LANGUAGES)


class OfficeForm(ContactFields):
    """All settings of the office."""

    version = VersionField()
    site_name = forms.CharField(label=_("Name of the site"), max_length=100)
    website = forms.CharField(label=_("Website"), required=False, max_length=limits.WEBSITE)
    tax_number = forms.CharField(label=_("Tax number"), required=False, max_length=40)
    document_note = forms.CharField(
        label=_("Note on documents"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    undo_seconds = forms.IntegerField(
        label=_("Seconds for Undo"), min_value=0, max_value=MAX_UNDO_SECONDS
    )
    second_factor_required = forms.BooleanField(
        label=_("Administrators, HR and accountants need a second factor"), required=False
    )

    def wanted(self) -> OfficeSettings:
        """Returns the settings for the action."""
        values: dict[str, Any] = {**self.cleaned_data}
        values.pop("version")
        return OfficeSettings(**values)
