"""The form with which an owner sets up an office."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow.administration.actions import NewRate, Owner
from officeflow.administration.forms.office import ContactFields
from officeflow.company.actions import OfficeSettings
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff.actions.passwords import check_password
from officeflow.staff.models import User
from officeflow.ui.numbers import NumberField

# The owner's e-mail and the office's are two fields of one form.
OWN_ROLES = [(role.value, role.label) for role in Role if role != Role.ADMINISTRATOR]


class SetUpForm(ContactFields):
    """The owner, the office, and what its prices mean."""

    # As on the page, so that the summary of what is wrong names them in that order.
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

    full_name = forms.CharField(label=_("Your name"), max_length=150)
    username = forms.CharField(
        label=_("User name"), max_length=150, validators=[UnicodeUsernameValidator()]
    )
    own_email = forms.EmailField(label=_("Your e-mail"), required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(render_value=True),
    )
    password_again = forms.CharField(
        label=_("The password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(render_value=True),
    )
    roles = forms.MultipleChoiceField(
        label=_("What else do you do?"),
        choices=OWN_ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tax_number = forms.CharField(label=_("Tax number"), required=False, max_length=40)
    prices_include_tax = forms.TypedChoiceField(
        label=_("Your prices"),
        choices=[("1", _("include tax")), ("0", _("do not include tax; it comes on top"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """The two passwords are one, and hard to guess: said with all else that is wrong."""
        cleaned = super().clean() or self.cleaned_data
        both = cleaned.get("password"), cleaned.get("password_again")
        if both[0]:
            names = {name: cleaned.get(name, "") for name in ("username", "full_name")}
            try:
                check_password(both[0], User(**names, email=cleaned.get("own_email", "")))
            except Refused as refused:
                self.add_error("password", refused.message)
        if all(both) and both[0] != both[1]:
            self.add_error("password_again", gettext("The two passwords are not the same."))
        return cleaned

    def owner(self) -> Owner:
        """The owner."""
        typed = self.cleaned_data
        return Owner(
            username=typed["username"],
            full_name=typed["full_name"],
            email=typed["own_email"],
            password=typed["password"],
            roles=tuple(Role(each) for each in typed["roles"]),
        )

    def office(self) -> OfficeSettings:
        """How the office is named and reached; its one site has its name."""
        typed = self.cleaned_data
        names = ("site_address", "phone", "email", "time_zone", "currency", "language")
        return OfficeSettings(
            name=typed["name"],
            site_name=typed["name"],
            tax_number=typed["tax_number"],
            **{name: typed[name] for name in names},
        )


class RateForm(forms.Form):
    """A tax rate, typed as people say it: 20 for 20 %."""

    name = forms.CharField(label=_("Name of the rate"), max_length=60, required=False)
    percent = NumberField(
        label=_("Percent"),
        min_value=0,
        max_value=99,
        max_digits=4,
        decimal_places=2,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            if cleaned.get("percent") is None and cleaned.get("name"):
                self.add_error("percent", gettext("Enter the rate in percent. It can be 0."))
            if cleaned.get("percent") is not None and not cleaned.get("name"):
                self.add_error("name", gettext("Enter a name for the rate, such as Standard."))
        return cleaned


class RateSet(BaseFormSet):
    """The rates to begin with, the first of them in any case; empty rows are left out."""

    def add_fields(self, form: RateForm, index: int | None) -> None:
        """The first row is the standard rate, which every office has."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.required = index == 0

    def rates(self) -> tuple[NewRate, ...]:
        """What was typed, for the action."""
        typed = [form.cleaned_data for form in self.forms if form.is_valid()]
        return tuple(
            NewRate(row["name"], row["percent"] / 100)
            for row in typed
            if row.get("percent") is not None
        )


RateFormSet = cast(
    "type[RateSet]",
    formset_factory(RateForm, formset=RateSet, extra=0, min_num=1, max_num=10, absolute_max=10),
)
