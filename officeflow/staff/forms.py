"""The forms of people, invitations, passwords and a person's own settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.permissions import Department, Role
from officeflow.staff.held_work import colleagues
from officeflow.staff.models import User
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.field_errors import REQUIRED
from officeflow.ui.fields import MomentField


class MomentInput(forms.DateTimeInput):
    """The browser's control for a date and time, in the office's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


def _adapt_fields(form: forms.Form) -> None:
    """Gives the framework's own fields a limit, and the office's message for an empty field.

    They are declared before the messages of `officeflow.ui.field_errors` become the default.
    """
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED[forms.Field]
        if isinstance(field, forms.CharField):
            field.max_length = limits.PASSWORD
            field.validators.append(MaxLengthValidator(limits.PASSWORD))


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is wrong. Check both and try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _adapt_fields(self)


class OwnPasswordForm(PasswordChangeForm):
    """A new password for the signed-in person, with the old one."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("The old password is wrong. Enter it again."),
        "password_mismatch": _("The two passwords are not the same."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _adapt_fields(self)
        self.fields["new_password2"].label = _("The password again")
        self.fields["new_password2"].help_text = ""


class PersonForm(forms.Form):
    """A person's name and e-mail address."""

    version = VersionField()
    full_name = forms.CharField(label=_("Full name"), max_length=limits.PERSON)
    email = forms.EmailField(label=_("E-mail"), required=False)


class NewPersonForm(forms.Form):
    """A new person; without a password one is made up."""

    full_name = forms.CharField(label=_("Full name"), max_length=limits.PERSON)
    username = forms.CharField(label=_("User name"), max_length=limits.PERSON)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), required=False, max_length=limits.PASSWORD, strip=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class GrantForm(forms.Form):
    """A role for a person, optionally for a time."""

    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [("", _("Choose a role")), *Role.choices]
    )
    valid_from = MomentField(label=_("From"), required=False, widget=MomentInput)
    valid_until = MomentField(label=_("Until"), required=False, widget=MomentInput)


class LossForm(forms.Form):
    """To whom the work of a person goes who loses a role or the account.

    A field for each department in which they have work, empty for its queue.
    """

    def __init__(self, *args: Any, person: User, departments: Iterable[Department], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.departments = list(departments)
        for department in self.departments:
            self.fields[f"to_{department.value}"] = forms.ModelChoiceField(
                label=_("Give the work of %(department)s to") % {"department": department.label},
                queryset=colleagues(department, besides=person),
                to_field_name="username",
                required=False,
                empty_label=_("Nobody: put it into the queue"),
            )

    @property
    def give_to(self) -> dict[Department, User]:
        """The chosen colleagues."""
        chosen = {each: self.cleaned_data.get(f"to_{each.value}") for each in self.departments}
        return {department: user for department, user in chosen.items() if user is not None}


class PasswordForm(forms.Form):
    """A new password for another person; when it is empty one is made up."""

    password = forms.CharField(
        label=_("New password"), required=False, max_length=limits.PASSWORD, strip=False
    )


class InvitationForm(forms.Form):
    """An invitation of a colleague, with their roles."""

    full_name = forms.CharField(label=_("Full name"), max_length=limits.PERSON)
    email = forms.EmailField(label=_("E-mail"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("New password"), max_length=limits.PASSWORD, strip=False, widget=forms.PasswordInput
    )
    password_again = forms.CharField(
        label=_("Repeat the password"),
        max_length=limits.PASSWORD,
        strip=False,
        widget=forms.PasswordInput,
    )

    def clean(self) -> dict[str, Any]:
        """Checks that the password is repeated correctly."""
        cleaned = super().clean() or self.cleaned_data
        both = cleaned.get("password"), cleaned.get("password_again")
        if all(both) and both[0] != both[1]:
            self.add_error("password_again", gettext("The two passwords are not the same."))
        return cleaned


class AcceptForm(NewPasswordForm):
    """The account of a person who accepts an invitation."""

    field_order = ["full_name", "username", "password", "password_again"]
    full_name = forms.CharField(label=_("Your name"), max_length=limits.PERSON)
    username = forms.CharField(label=_("User name"), max_length=limits.PERSON)


class ForgottenPasswordForm(forms.Form):
    """The person who forgot their password."""

    who = forms.CharField(label=_("E-mail or user name"), max_length=limits.EMAIL)


class OwnSettingsForm(forms.Form):
    """A person's own settings."""

    language = forms.ChoiceField(
        label=_("Language and region"),
        required=False,
        choices=lambda: [("", _("Same as the office")), *settings.LANGUAGES],
    )
