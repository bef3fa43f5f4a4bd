"""Choosing a customer, adding one in passing, and editing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.actions.customers import checked_email, checked_phone
from frontdesk.customers.models import ContactKind
from frontdesk.customers.queries.duplicates import Candidate
from officeflow.errors import Refused
from officeflow.idempotency.forms import IdempotentForm
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.fields import MultilineField, MultilineInput
from officeflow.ui.widgets import PhoneInput


class Declined(forms.CharField):
    """Numbers of customers, with commas between, of whom somebody said: this is another person."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=400, required=False)

    def clean(self, value: Any) -> list[str]:
        """The numbers."""
        return [number.strip() for number in super().clean(value).split(",") if number.strip()]

    def prepare_value(self, value: Any) -> Any:
        """The numbers again as they were sent."""
        return ",".join(value) if isinstance(value, list) else value


class CustomerFields(forms.Form):
    """What a customer's record holds."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=PhoneInput)
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )
    address = MultilineField(
        label=_("Address"), max_length=1000, required=False, widget=MultilineInput(rows=3)
    )
    note = MultilineField(
        label=_("Note"), max_length=4000, required=False, widget=MultilineInput(rows=3)
    )

    def clean(self) -> dict[str, Any]:
        """Says at once what the action would refuse one by one."""
        cleaned = super().clean() or self.cleaned_data
        for name, check in (("phone", checked_phone), ("email", checked_email)):
            try:
                check(cleaned.get(name, ""))
            except Refused as refused:
                self.add_error(name, refused.message)
        return cleaned


class CustomerForm(CustomerFields, IdempotentForm):
    """Somebody to be added. `alike` are those who may be the same, once that was found."""

    not_these = Declined()
    duplicates: list[Candidate] = []

    def values(self) -> dict[str, Any]:
        """The fields of the record to be added."""
        return {name: self.cleaned_data[name] for name in CustomerFields.base_fields}


class CustomerEditForm(CustomerFields):
    """The same for a record that is there already. `version` is that of the record it shows."""

    wants_mail = forms.BooleanField(
        label=_("Gets e-mail about orders and complaints"), required=False, initial=True
    )
    is_active = forms.BooleanField(
        label=_("Active: can be chosen for new orders"), required=False, initial=True
    )
    version = VersionField(min_value=0)
    not_these = Declined()
    # Whose record this one would be like after the change, once that was found.
    duplicates: list[Candidate] = []


class ContactForm(forms.Form):
    """A further way to reach a customer."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ContactKind.choices,
        initial=ContactKind.PHONE,
        widget=forms.RadioSelect,
    )
    value = forms.CharField(label=_("Number, address or name"), max_length=254)
    label = forms.CharField(
        label=_("Description"),
        max_length=60,
        required=False,
        help_text=_("For example mobile, accounts, or the person: buyer, daughter."),
    )
    phone = forms.CharField(
        label=_("Their phone"), max_length=40, required=False, widget=PhoneInput
    )
    email = forms.CharField(
        label=_("Their e-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )


class NoteForm(IdempotentForm):
    """Something worth knowing about a customer, with today's date."""

    text = MultilineField(
        label=_("New note"), max_length=4000, widget=MultilineInput(rows=2), label_suffix=""
    )


class MergeForm(forms.Form):
    """Which of two records is kept. The versions are those of the records that the page shows."""

    other = forms.CharField(max_length=20, widget=forms.HiddenInput)
    keep = forms.CharField(max_length=20)
    versions = forms.CharField(max_length=60, widget=forms.HiddenInput)
