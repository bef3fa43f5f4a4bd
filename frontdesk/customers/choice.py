"""Choosing a customer in a form of another record, or adding one in passing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.actions.customers import (
    LikelyDuplicate,
    add_customer,
    checked_phone,
)
from frontdesk.customers.forms import (
    CustomerEditForm,
    CustomerForm,
    Declined,
)
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_meant, customer_of
from frontdesk.customers.queries.duplicates import Candidate, candidates
from officeflow.errors import Refused
from officeflow.staff.models import User
from officeflow.ui.fields import ConditionallyRequiredField, MultilineField, MultilineInput
from officeflow.ui.forms import set_sent_value
from officeflow.ui.widgets import ComboboxInput, PhoneInput

NEW = "new"


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
    new_name = ConditionallyRequiredField(label=_("Name"), max_length=200)
    new_phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=PhoneInput)
    new_email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.com.")},
    )
    new_address = MultilineField(
        label=_("Address"), max_length=1000, required=False, widget=MultilineInput(rows=2)
    )
    not_these = Declined()
    # Who may be the same as the one to be added, once that was found.
    duplicates: list[Candidate] = []

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
                self.add_error("new_name", _("Enter the customer's name."))
            try:
                checked_phone(cleaned.get("new_phone", ""))
            except Refused as refused:
                self.add_error("new_phone", refused.message)
        elif number:
            cleaned["record"] = customer_of(number)
            if cleaned["record"] is None:
                self.add_error("customer_name", _("This customer does not exist."))
        elif text:
            cleaned["record"] = customer_meant(text)
            if cleaned["record"] is None:
                self.add_error(
                    "customer_name",
                    _(
                        "No customer matches exactly. Choose one from the list, add a new "
                        "customer, or leave the field empty for a walk-in."
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
                set_sent_value(self, name, value)

    def begin_new(self) -> None:
        """Opens the boxes of a new customer, with what was typed in the one above as the name."""
        typed = str(self["customer_name"].value() or "").strip()
        set_sent_value(self, "customer", NEW)
        set_sent_value(self, "new_name", typed)
        set_sent_value(self, "not_these", "")

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


def customer_chosen(actor: User, form: CustomerChoice) -> Customer | None:
    """The customer that a form names: somebody known, somebody added now, or None for a walk-in.

    Raises `Refused` with the form's own field, `LikelyDuplicate`.
    """
    if not form.adds_customer:
        record: Customer | None = form.cleaned_data["record"]
        return record
    try:
        return add_customer(
            actor=actor,
            unless_known=True,
            not_these=form.cleaned_data["not_these"],
            **form.new_customer(),
        )
    except Refused as refused:
        raise Refused(refused.message, f"new_{refused.field or 'name'}") from refused


def show_duplicates(
    form: CustomerChoice | CustomerForm | CustomerEditForm, likely: LikelyDuplicate
) -> None:
    """Lets a refused form show who may be meant; everything that was typed stays in it."""
    form.duplicates = likely.candidates
    form.add_error(None, likely.message)


def show_duplicates_beside_errors(form: CustomerChoice) -> None:
    """Shows who may be meant in a form that is refused for other reasons already."""
    if not form.adds_customer or any(name.startswith("new_") for name in form.errors):
        return
    given = form.new_customer()
    found = candidates(name=given["name"], phone=given["phone"], email=given["email"])
    if any(each.number not in form.cleaned_data.get("not_these", []) for each in found):
        show_duplicates(form, LikelyDuplicate(found))
