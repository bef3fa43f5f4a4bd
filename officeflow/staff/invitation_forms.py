"""The forms of invitations, of a forgotten password, and of one's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Role


class InvitationForm(forms.Form):
    """Who is invited, as what."""

    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )


class NewPasswordForm(forms.Form):
    """A password of one's own choice, typed twice."""

    password = forms.CharField(
        label=_("New password"), max_length=128, strip=False, widget=forms.PasswordInput
    )
    password_again = forms.CharField(
        label=_("The password again"), max_length=128, strip=False, widget=forms.PasswordInput
    )

    def clean(self) -> dict[str, Any]:
        """The two are one."""
        cleaned = super().clean() or self.cleaned_data
        both = cleaned.get("password"), cleaned.get("password_again")
        if all(both) and both[0] != both[1]:
            self.add_error("password_again", gettext("The two passwords are not the same."))
        return cleaned


class AcceptForm(NewPasswordForm):
    """Somebody who was invited makes their account."""

    field_order = ["full_name", "username", "password", "password_again"]
    full_name = forms.CharField(label=_("Your name"), max_length=150)
    username = forms.CharField(label=_("User name"), max_length=150)


class ForgottenForm(forms.Form):
    """Whose password was forgotten."""

    who = forms.CharField(label=_("E-mail or user name"), max_length=254)


class OwnForm(forms.Form):
    """What one sets for oneself."""

    language = forms.ChoiceField(
        label=_("Language and region"),
        required=False,
        choices=lambda: [("", _("Same as the office")), *settings.LANGUAGES],
    )
