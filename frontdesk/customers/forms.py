"""Choosing a customer, adding one in passing, and editing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.actions.customers import checked_email, checked_phone
from frontdesk.customers.models import ContactKind, Customer
from frontdesk.customers.queries.customers import customer_meant, customer_of
from frontdesk.customers.queries.duplicates import Candidate
from frontdesk.forms.fields import NeededThere, Paragraphs, WordsField
from officeflow.errors import Refused
from officeflow.idempotency.forms import OnceForm
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.forms import change_sent
from officeflow.ui.widgets import ComboboxInput, PhoneInput

NEW = "new"


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
    address = WordsField(
        label=_("Address"), max_length=1000, required=False, widget=Paragraphs(rows=3)
    )
    note = WordsField(label=_("Note"), max_length=4000, required=False, widget=Paragraphs(rows=3))

    def clean(self) -> dict[str, Any]:
        """Says at once what the action would refuse one by one."""
        cleaned = super().clean() or self.cleaned_data
        for name, check in (("phone", checked_phone), ("email", checked_email)):
            try:
                check(cleaned.get(name, ""))
            except Refused as refused:
                self.add_error(name, refused.message)
        return cleaned


class CustomerForm(CustomerFields, OnceForm):
    """Somebody to be added. `alike` are those who may be the same, once that was found."""

    not_these = Declined()
    alike: list[Candidate] = []

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
    alike: list[Candidate] = []


class CustomerChoice(forms.Form):
    """The part of a form that says whose it is: somebody known, somebody new, or a walk-in.

    After cleaning, `customer` is the chosen record or None and `adds_customer` tells whether
    the new_… fields describe somebody to be added.
    """

    customer_name = forms.CharField(
        label=_("Customer"),
        max_length=250,
        required=False,
        widget=ComboboxInput(
            reverse_lazy("frontdesk:lookup-customers"),
            target="id_customer",
            attrs={"placeholder": _("Walk-in"), "data-customer": ""},
        ),
        help_text=_("Name, phone or e-mail. Leave it empty for a walk-in."),
    )
    customer = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    new_name = NeededThere(label=_("Name"), max_length=200)
    new_phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=PhoneInput)
    new_email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
        error_messages={
            "invalid": _("This is not an e-mail address; it looks like name@example.com.")
        },
    )
    new_address = WordsField(
        label=_("Address"), max_length=1000, required=False, widget=Paragraphs(rows=2)
    )
    not_these = Declined()
    # Who may be the same as the one to be added, once that was found.
    alike: list[Candidate] = []

    @property
    def adds_customer(self) -> bool:
        """Whether the form describes somebody who has no record yet."""
        value = self["customer"].value()
        return bool(value == NEW)

    def clean(self) -> dict[str, Any]:
        """Finds the record; text that names nobody for certain is an error, not a walk-in."""
        cleaned = super().clean() or self.cleaned_data
        number, text = cleaned.get("customer", ""), cleaned.get("customer_name", "")
        cleaned["record"] = None
        if number == NEW:
            if "new_name" not in self.errors and not cleaned.get("new_name"):
                self.add_error("new_name", _("Give the customer's name."))
            try:
                checked_phone(cleaned.get("new_phone", ""))
            except Refused as refused:
                self.add_error("new_phone", refused.message)
        elif number:
            cleaned["record"] = customer_of(number)
            if cleaned["record"] is None:
                self.add_error("customer_name", _("There is no such customer."))
        elif text:
            cleaned["record"] = customer_meant(text)
            if cleaned["record"] is None:
                self.add_error(
                    "customer_name",
                    _(
                        "Nobody is known for certain by this. Choose somebody from the list, add "
                        "them as a new customer, or empty the box for a walk-in."
                    ),
                )
        return cleaned

    @property
    def unknown_name(self) -> str:
        """What was typed for a customer when it names nobody for certain; empty otherwise."""
        chosen, typed = self["customer"].value(), str(self["customer_name"].value() or "").strip()
        return typed if not chosen and "customer_name" in self.errors else ""

    def use(self, number: str) -> None:
        """Chooses a known customer instead of adding one; what was typed stays in its boxes."""
        customer = customer_of(number)
        if customer is not None:
            for name, value in customer_initial(customer).items():
                change_sent(self, name, value)

    def begin_new(self) -> None:
        """Opens the boxes of a new customer, with what was typed in the one above as the name."""
        typed = str(self["customer_name"].value() or "").strip()
        change_sent(self, "customer", NEW)
        change_sent(self, "new_name", typed)
        change_sent(self, "not_these", "")

    def new_customer(self) -> dict[str, str]:
        """The fields of the record to be added."""
        return {
            name: self.cleaned_data[f"new_{name}"] for name in ("name", "phone", "email", "address")
        }


def customer_initial(customer: Customer | None) -> dict[str, Any]:
    """What a form starts with when it is opened from a customer's page."""
    if customer is None:
        return {}
    return {
        "customer": customer.number,
        "customer_name": customer.name,
    }


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
        label=_("What it is"),
        max_length=60,
        required=False,
        help_text=_("Mobile, accounts; for a person: buyer, daughter."),
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


class NoteForm(OnceForm):
    """Something worth knowing about a customer, with today's date."""

    text = WordsField(
        label=_("New note"), max_length=4000, widget=Paragraphs(rows=2), label_suffix=""
    )


class MergeForm(forms.Form):
    """Which of two records is kept. The versions are those of the records that the page shows."""

    other = forms.CharField(max_length=20, widget=forms.HiddenInput)
    keep = forms.CharField(max_length=20)
    versions = forms.CharField(max_length=60, widget=forms.HiddenInput)
