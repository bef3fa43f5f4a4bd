"""The form that takes a file away."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.attachments.actions import LONGEST_REASON


class RemoveForm(forms.Form):
    """Why a file is taken away."""

    reason = forms.CharField(
        label=_("Why do you remove it?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter why you remove the file.")},
    )
