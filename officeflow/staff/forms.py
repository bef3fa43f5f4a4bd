"""The forms of the people page. They check shape; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Role
from officeflow.ui.edit_conflict import VersionField


class MomentInput(forms.DateTimeInput):
    """A date and a time of the office's own zone, as the browser's control gives them."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class PersonForm(forms.Form):
    """What colleagues know of a person."""

    version = VersionField()
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)


class NewPersonForm(forms.Form):
    """Somebody who starts here."""

    full_name = forms.CharField(label=_("Full name"), max_length=150)
    username = forms.CharField(label=_("User name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"), required=False, max_length=128, strip=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class GrantForm(forms.Form):
    """A role from a moment on, and perhaps until one."""

    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [("", _("Choose a role")), *Role.choices]
    )
    valid_from = forms.DateTimeField(label=_("From"), required=False, widget=MomentInput)
    valid_until = forms.DateTimeField(label=_("Until"), required=False, widget=MomentInput)


class PasswordForm(forms.Form):
    """A new password for somebody else; empty makes one."""

    password = forms.CharField(label=_("New password"), required=False, max_length=128, strip=False)
