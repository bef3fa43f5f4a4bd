"""The part of an order's or complaint's form that chooses a customer or adds a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frontdesk.customers.actions.customers import (
    LikelyDuplicate,
    add_customer,
    checked_phone,
)
from frontdesk.customers.contact import as_contact
from frontdesk.customers.forms import (
    CustomerEditForm,
    CustomerForm,
    DeclinedDuplicates,
)
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_by_number, customer_named_exactly
from frontdesk.customers.queries.duplicates import Candidate, candidates
from frontdesk.customers.queries.warnings import ChosenCustomer, chosen_customer
from officeflow import limits
from officeflow.audit.models import Realm
from officeflow.errors import Refused
from officeflow.staff.models import User
from officeflow.ui.fields import ConditionallyRequiredField, MultilineField, MultilineInput
from officeflow.ui.forms import set_sent_value
from officeflow.ui.widgets import ComboboxInput, PhoneInput

NEW = "new"


class CustomerChoice(forms.Form):
    """Chooses an existing customer, a new customer or a walk-in.

    After cleaning, `cleaned_data["record"]` is the chosen `Customer` or None. `adds_customer`
    is true when the new_… fields describe a customer to be added.
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
    new_name = ConditionallyRequiredField(label=_("Name"), max_length=limits.NAME)
    new_phone = forms.CharField(
        label=_("Phone"), max_length=limits.PHONE, required=False, widget=PhoneInput
    )
    new_email = forms.EmailField(
        label=_("E-mail"),
        max_length=limits.EMAIL,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.com.")},
    )
    new_address = MultilineField(
        label=_("Address"), max_length=limits.ADDRESS, required=False, widget=MultilineInput(rows=2)
    )
    declined = DeclinedDuplicates()
    # Existing records that may be the same person as the new customer; set by the view.
    duplicates: list[Candidate] = []

    @property
    def adds_customer(self) -> bool:
        """Whether the form adds a new customer."""
        value = self["customer"].value()
        return bool(value == NEW)

    def clean(self) -> dict[str, Any]:
        """Finds the customer's record. A name without an exact match is an error, not a walk-in."""
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
            cleaned["record"] = customer_by_number(number)
            if cleaned["record"] is None:
                self.add_error("customer_name", _("This customer does not exist."))
        elif text:
            cleaned["record"] = customer_named_exactly(text)
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
        """The customer's name as typed when no record matches it exactly; otherwise empty."""
        chosen, typed = self["customer"].value(), str(self["customer_name"].value() or "").strip()
        return typed if not chosen and "customer_name" in self.errors else ""

    @property
    def chosen(self) -> ChosenCustomer | None:
        """The chosen customer, with the standing note and the balances."""
        number = str(self["customer"].value() or "")
        return chosen_customer(number) if number and number != NEW else None

    @property
    def unknown_contact(self) -> dict[str, str]:
        """The fields of a new customer from `unknown_name`."""
        return as_contact(self.unknown_name)

    @property
    def unknown_label(self) -> str:
        """The text of the button that adds the customer of `unknown_name`."""
        return adding(self.unknown_contact)

    def choose_customer(self, number: str) -> None:
        """Chooses an existing customer instead of adding one; typed values stay in their fields."""
        customer = customer_by_number(number)
        if customer is not None:
            for name, value in initial_customer(customer).items():
                set_sent_value(self, name, value)

    def start_new_customer(self) -> None:
        """Shows the fields of a new customer, with the typed name, phone or e-mail in its field."""
        set_sent_value(self, "customer", NEW)
        for name, value in as_contact(str(self["customer_name"].value() or "")).items():
            set_sent_value(self, f"new_{name}", value)
        set_sent_value(self, "declined", "")

    def new_customer(self) -> dict[str, str]:
        """The fields of the record to be added."""
        return {
            name: self.cleaned_data[f"new_{name}"] for name in ("name", "phone", "email", "address")
        }


def adding(contact: dict[str, str]) -> str:
    """Returns the label of adding a new customer who has a `name`, a `phone` or an `email`."""
    if contact["phone"]:
        return gettext("Add a new customer with the phone %(phone)s") % contact
    if contact["email"]:
        return gettext("Add a new customer with the e-mail %(email)s") % contact
    return gettext("Add “%(name)s” as a new customer") % contact


def initial_customer(customer: Customer | None) -> dict[str, Any]:
    """Returns the form's initial values when it is opened from a customer's page."""
    if customer is None:
        return {}
    return {
        "customer": customer.number,
        "customer_name": customer.name,
    }


def customer_from_form(
    actor: User, form: CustomerChoice, *, realm: Realm = Realm.OFFICE
) -> Customer | None:
    """Returns the customer chosen in a form, adding a new one; None for a walk-in.

    `realm` is the part of the audit trail that says who added it.
    Raises `Refused` with a field name of the form, and `LikelyDuplicate`.
    """
    if not form.adds_customer:
        record: Customer | None = form.cleaned_data["record"]
        return record
    try:
        return add_customer(
            actor=actor,
            refuse_duplicates=True,
            declined=form.cleaned_data["declined"],
            realm=realm,
            **form.new_customer(),
        )
    except Refused as refused:
        raise Refused(refused.message, f"new_{refused.field or 'name'}") from refused


def show_duplicates(
    form: CustomerChoice | CustomerForm | CustomerEditForm, likely: LikelyDuplicate
) -> None:
    """Adds the likely duplicates and the message to a form."""
    form.duplicates = likely.candidates
    form.add_error(None, likely.message)


def show_duplicates_beside_errors(form: CustomerChoice) -> None:
    """Adds likely duplicates to a form that has other errors, so that both are shown at once."""
    if not form.adds_customer or any(name.startswith("new_") for name in form.errors):
        return
    given = form.new_customer()
    found = candidates(name=given["name"], phone=given["phone"], email=given["email"])
    if any(each.number not in form.cleaned_data.get("declined", []) for each in found):
        show_duplicates(form, LikelyDuplicate(found))
