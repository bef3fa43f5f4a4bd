"""Forms for customers, their contacts and notes, and for merging two records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.actions.customers import checked_email, checked_phone
from frontdesk.customers.models import ContactKind
from frontdesk.customers.queries.duplicates import Candidate
from officeflow import limits
from officeflow.errors import Refused
from officeflow.idempotency.forms import IdempotentForm
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.fields import MultilineField, MultilineInput
from officeflow.ui.widgets import PhoneInput


class DeclinedDuplicates(forms.CharField):
    """Comma-separated numbers of suggested duplicates that the user said are other people."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=400, required=False)

    def clean(self, value: Any) -> list[str]:
        """Returns the numbers as a list."""
        return [number.strip() for number in super().clean(value).split(",") if number.strip()]

    def prepare_value(self, value: Any) -> Any:
        """Returns the numbers as comma-separated text."""
        return ",".join(value) if isinstance(value, list) else value


class CustomerFields(forms.Form):
    """The fields that adding and editing a customer share."""

    name = forms.CharField(label=_("Name"), max_length=limits.NAME)
    phone = forms.CharField(
        label=_("Phone"), max_length=limits.PHONE, required=False, widget=PhoneInput
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=limits.EMAIL,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )
    address = MultilineField(
        label=_("Address"), max_length=limits.ADDRESS, required=False, widget=MultilineInput(rows=3)
    )
    note = MultilineField(
        label=_("Note"), max_length=limits.NOTE, required=False, widget=MultilineInput(rows=3)
    )

    def clean(self) -> dict[str, Any]:
        """Shows the errors of all fields at once; the action would stop at the first."""
        cleaned = super().clean() or self.cleaned_data
        for name, check in (("phone", checked_phone), ("email", checked_email)):
            try:
                check(cleaned.get(name, ""))
            except Refused as refused:
                self.add_error(name, refused.message)
        return cleaned


class CustomerForm(CustomerFields, IdempotentForm):
    """A customer to be added."""

    declined = DeclinedDuplicates()
    # Existing records that may be the same person; set by the view.
    duplicates: list[Candidate] = []

    def values(self) -> dict[str, Any]:
        """The fields of the record to be added."""
        return {name: self.cleaned_data[name] for name in CustomerFields.base_fields}


class CustomerEditForm(CustomerFields):
    """An existing customer. `version` is the record's version when the form was shown."""

    wants_mail = forms.BooleanField(
        label=_("Gets e-mail about orders and complaints"), required=False, initial=True
    )
    is_active = forms.BooleanField(
        label=_("Active: can be chosen for new orders"), required=False, initial=True
    )
    version = VersionField(min_value=0)
    declined = DeclinedDuplicates()
    # Other records that may be the same person after the change; set by the view.
    duplicates: list[Candidate] = []


class ContactForm(forms.Form):
    """A further phone, e-mail address or person of a customer."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ContactKind.choices,
        initial=ContactKind.PHONE,
        widget=forms.RadioSelect,
    )
    value = forms.CharField(label=_("Number, address or name"), max_length=254)
    label = forms.CharField(
        label=_("Description"),
        max_length=limits.LABEL,
        required=False,
        help_text=_("For example mobile, accounts, buyer or daughter."),
    )
    phone = forms.CharField(
        label=_("Their phone"), max_length=limits.PHONE, required=False, widget=PhoneInput
    )
    email = forms.CharField(
        label=_("Their e-mail"),
        max_length=limits.EMAIL,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )


class CustomerNoteForm(IdempotentForm):
    """A dated note about a customer."""

    text = MultilineField(
        label=_("New note"), max_length=limits.NOTE, widget=MultilineInput(rows=2), label_suffix=""
    )


class MergeForm(forms.Form):
    """Chooses which of two records is kept.

    `versions` are the versions of both records when the page was shown, such as `3.1`.
    """

    other = forms.CharField(max_length=20, widget=forms.HiddenInput)
    keep = forms.CharField(max_length=20)
    versions = forms.CharField(max_length=60, widget=forms.HiddenInput)
