"""The forms with which an owner sets up an office."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.administration.actions import NewRate, Owner
from officeflow.administration.forms.office import ContactFields
from officeflow.catalogue.forms import TaxPercentField
from officeflow.company.actions import OfficeSettings
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff.actions.passwords import check_password
from officeflow.staff.models import User

OWNER_ROLES = [(role.value, role.label) for role in Role if role != Role.ADMINISTRATOR]


class SetUpForm(ContactFields):
    """The owner's account, the office, and whether its prices include tax.

    `own_email` is the owner's e-mail address, `email` the office's.
    """

    # The order of the page, which the error summary follows.
    field_order = (
        "full_name",
        "username",
        "password",
        "password_again",
        "own_email",
        "roles",
        "name",
        "site_address",
        "phone",
        "email",
        "time_zone",
        "language",
        "currency",
        "tax_number",
        "prices_include_tax",
    )

    full_name = forms.CharField(label=_("Your name"), max_length=limits.PERSON)
    username = forms.CharField(
        label=_("User name"), max_length=limits.USER_NAME, validators=[UnicodeUsernameValidator()]
    )
    own_email = forms.EmailField(label=_("Your e-mail"), required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=limits.PASSWORD,
        strip=False,
        widget=forms.PasswordInput(render_value=True),
    )
    password_again = forms.CharField(
        label=_("Repeat the password"),
        max_length=limits.PASSWORD,
        strip=False,
        widget=forms.PasswordInput(render_value=True),
    )
    roles = forms.MultipleChoiceField(
        label=_("What other work do you do?"),
        choices=OWNER_ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tax_number = forms.CharField(label=_("Tax number"), required=False, max_length=40)
    prices_include_tax = forms.TypedChoiceField(
        label=_("Your prices"),
        choices=[("1", _("include tax")), ("0", _("do not include tax; it is added"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Checks that the password is strong enough and repeated correctly."""
        cleaned = super().clean() or self.cleaned_data
        password, again = cleaned.get("password"), cleaned.get("password_again")
        if password:
            names = {name: cleaned.get(name, "") for name in ("username", "full_name")}
            try:
                check_password(password, User(**names, email=cleaned.get("own_email", "")))
            except Refused as refused:
                self.add_error("password", refused.message)
        if password and again and password != again:
            self.add_error("password_again", gettext("The two passwords are not the same."))
        return cleaned

    def owner(self) -> Owner:
        """Returns the owner."""
        cleaned = self.cleaned_data
        return Owner(
            username=cleaned["username"],
            full_name=cleaned["full_name"],
            email=cleaned["own_email"],
            password=cleaned["password"],
            roles=tuple(Role(each) for each in cleaned["roles"]),
        )

    def office(self) -> OfficeSettings:
        """Returns the settings of the office, whose only site has the same name."""
        cleaned = self.cleaned_data
        names = ("site_address", "phone", "email", "time_zone", "currency", "language")
        return OfficeSettings(
            name=cleaned["name"],
            site_name=cleaned["name"],
            tax_number=cleaned["tax_number"],
            **{name: cleaned[name] for name in names},
        )


class RateForm(forms.Form):
    """A tax rate in percent: 20 for 20 %."""

    name = forms.CharField(label=_("Name of the rate"), max_length=limits.LABEL, required=False)
    percent = TaxPercentField(label=_("Percent"), required=False)

    def clean(self) -> dict[str, Any]:
        """Checks that name and rate are both given or both empty."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            if cleaned.get("percent") is None and cleaned.get("name"):
                self.add_error("percent", gettext("Enter the rate in percent. It can be 0."))
            if cleaned.get("percent") is not None and not cleaned.get("name"):
                self.add_error("name", gettext("Enter a name for the rate, such as Standard."))
        return cleaned


class RateSet(BaseFormSet):
    """The tax rates of a new office. The first row is required; empty rows are left out."""

    def add_fields(self, form: RateForm, index: int | None) -> None:
        """Requires the first row, which is the standard rate."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.required = index == 0

    def rates(self) -> tuple[NewRate, ...]:
        """Returns the rates for the action."""
        rows = [form.cleaned_data for form in self.forms if form.is_valid()]
        return tuple(
            NewRate(row["name"], row["percent"] / 100)
            for row in rows
            if row.get("percent") is not None
        )


RateFormSet = cast(
    "type[RateSet]",
    formset_factory(RateForm, formset=RateSet, extra=0, min_num=1, max_num=10, absolute_max=10),
)
