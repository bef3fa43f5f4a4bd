"""The forms of people, invitations, passwords and a person's own settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.permissions import Department, Role
from officeflow.staff import sessions
from officeflow.staff.held_work import colleagues
from officeflow.staff.models import User
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.field_errors import REQUIRED
from officeflow.ui.fields import MomentField

if TYPE_CHECKING:
    from officeflow.staff.access import StaffRequest


class MomentInput(forms.DateTimeInput):
    """The browser's control for a date and time, in the office's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


def _adapt_fields(form: forms.Form) -> None:
    """Gives the framework's own fields their limit, and the office's message for an empty field.

    They are declared before the messages of `officeflow.ui.field_errors` become the default.
    """
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED[forms.Field]
        if isinstance(field, forms.CharField):
            is_password = isinstance(field.widget, forms.PasswordInput)
            field.max_length = limits.PASSWORD if is_password else limits.USER_NAME
            field.validators.append(MaxLengthValidator(field.max_length))


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is wrong. Check both and try again."),
        "expired": _("This password has expired. Ask an administrator for a new one."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _adapt_fields(self)

    def confirm_login_allowed(self, user: User) -> None:
        """Refuses a colleague's password after its time."""
        super().confirm_login_allowed(user)
        if user.one_time_expired:
            raise forms.ValidationError(self.error_messages["expired"], code="expired")


def is_own_password(request: HttpRequest, typed: str) -> bool:
    """Returns whether this is the signed-in person's password.

    Wrong ones count as failed sign-ins and lead to the lockout.
    """
    username = request.user.get_username()
    return authenticate(request, username=username, password=typed) is not None


class PasswordAgainForm(forms.Form):
    """The person's own password, before a change of how somebody signs in."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=limits.PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Checks the password; wrong ones are counted as failed sign-ins."""
        typed = str(self.cleaned_data["password"])
        if not is_own_password(self.request, typed):
            raise forms.ValidationError(gettext("The password is wrong. Enter it again."))
        return typed


class OwnPasswordForm(PasswordChangeForm):
    """A new password for the signed-in person, with the old one.

    Somebody who has just signed in with a password that was set for them need not enter it again.
    """

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("The old password is wrong. Enter it again."),
        "password_mismatch": _("The two passwords are not the same."),
    }

    def __init__(self, request: StaffRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.user, *args, **kwargs)
        self.request = request
        self.is_first = request.user.must_change_password
        if self.is_first and sessions.password_is_recent(request):
            del self.fields["old_password"]
        _adapt_fields(self)
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        """Checks the old password; wrong ones are counted as failed sign-ins."""
        typed = str(self.cleaned_data["old_password"])
        if not is_own_password(self.request, typed):
            raise forms.ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return typed


class PersonForm(forms.Form):
    """A person's name and e-mail address."""

    version = VersionField()
    full_name = forms.CharField(label=_("Full name"), max_length=limits.PERSON)
    email = forms.EmailField(label=_("E-mail"), required=False)


class NewPersonForm(forms.Form):
    """A new person; without a password one is made up."""

    full_name = forms.CharField(label=_("Full name"), max_length=limits.PERSON)
    username = forms.CharField(label=_("User name"), max_length=limits.USER_NAME)
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
    username = forms.CharField(label=_("User name"), max_length=limits.USER_NAME)


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
