"""Choosing a customer, adding one in passing, and editing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from frontdesk.forms.fields import NeededThere, Paragraphs, WordsField
from frontdesk.forms.once import change_sent
from frontdesk.models import Customer
from frontdesk.queries.customers import customer_meant
from officeflow.ui.widgets import ComboboxInput, PhoneInput

NEW = "new"


class CustomerForm(forms.Form):
    """A customer's record. `version` is that of the record which the form shows."""

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


class CustomerEditForm(CustomerForm):
    """The same for a record that is there already."""

    is_active = forms.BooleanField(
        label=_("Active: can be chosen for new orders"), required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def accept_version(self, version: int) -> None:
        """Carries the newest version, so that saving again after comparing is meant."""
        change_sent(self, "version", str(version))


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
        elif number:
            cleaned["record"] = Customer.objects.filter(number=number).first()
            if cleaned["record"] is None:
                self.add_error("customer_name", _("There is no such customer."))
        elif text:
            cleaned["record"] = customer_meant(text)
            if cleaned["record"] is None:
                self.add_error(
                    "customer_name",
                    _("Choose somebody from the list, or empty the box for a walk-in."),
                )
        return cleaned

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
