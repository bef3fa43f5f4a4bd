"""The form that removes a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.attachments.actions import MAX_REASON_LENGTH


class RemoveForm(forms.Form):
    """The reason for removing a file."""

    reason = forms.CharField(
        label=_("Why do you want to remove it?"),
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter a reason for removing the file.")},
    )
