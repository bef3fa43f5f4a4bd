"""The forms of the second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officeflow import limits


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(label=_("Code"), max_length=32)


class PasswordAgainForm(forms.Form):
    """The person's own password, before a change of the second factor."""

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
        username = self.request.user.get_username()
        if authenticate(self.request, username=username, password=typed) is None:
            raise forms.ValidationError(gettext("The password is wrong. Enter it again."))
        return typed


class SetUpForm(PasswordAgainForm):
    """The first code of an app, with the password. `enrolment` is the signed key."""

    enrolment = forms.CharField(max_length=500, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code from the app"), max_length=32)
