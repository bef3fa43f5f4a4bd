"""The forms of the second factor."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.staff.forms import PasswordAgainForm


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(label=_("Code"), max_length=32)


class SetUpForm(PasswordAgainForm):
    """The first code of an app, with the password. `enrolment` is the signed key."""

    enrolment = forms.CharField(max_length=500, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code from the app"), max_length=32)
