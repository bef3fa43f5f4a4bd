"""The form of the office's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from officeflow.company.actions import OfficeSettings
from officeflow.company.queries import find_office
from officeflow.company.zones import meant, said
from officeflow.money import CURRENCIES
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.widgets import ComboboxInput, PhoneInput


class TimeZoneField(forms.CharField):
    """A time zone that one looks for by typing a place: `London` is taken as `Europe/London`."""

    widget = ComboboxInput(reverse_lazy("zones"))
    default_error_messages = {"unclear": _("Enter the nearest big city, such as London.")}

    def prepare_value(self, value: Any) -> Any:
        """Shows the zone as people read it."""
        return said(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The zone's name. Raises `ValidationError` when the text means none, or several."""
        typed = super().clean(value)
        if not typed:
            return ""
        zone = meant(typed)
        if not zone:
            raise forms.ValidationError(self.error_messages["unclear"], code="unclear")
        return zone


def currencies() -> list[tuple[str, str]]:
    """The currencies by their code, with the office's own even when that has ended."""
    office = find_office()
    return [(code, code) for code in sorted(CURRENCIES | ({office.currency} if office else set()))]


class ContactFields(forms.Form):
    """How the office is named and reached, as documents and messages say it."""

    name = forms.CharField(label=_("Name of the office"), max_length=100)
    site_address = forms.CharField(
        label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40, widget=PhoneInput)
    email = forms.EmailField(label=_("E-mail"), required=False)
    time_zone = TimeZoneField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies)
    language = forms.ChoiceField(label=_("Language and region"), choices=settings.LANGUAGES)


class OfficeForm(ContactFields):
    """What the office says about itself."""

    version = VersionField()
    site_name = forms.CharField(label=_("Name of the site"), max_length=100)
    website = forms.CharField(label=_("Website"), required=False, max_length=200)
    tax_number = forms.CharField(label=_("Tax number"), required=False, max_length=40)
    document_note = forms.CharField(
        label=_("Note on documents"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def wanted(self) -> OfficeSettings:
        """What was typed, for the action."""
        values: dict[str, Any] = {**self.cleaned_data}
        values.pop("version")
        return OfficeSettings(**values)
