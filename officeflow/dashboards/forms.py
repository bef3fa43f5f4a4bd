"""What an operator has to say."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.handoff.actions import REASON_LENGTH


class ReasonForm(forms.Form):
    """Why a dead hand-off is sent again or set aside."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Colleagues read it later. Write no names of customers."),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Say why, so that others can follow it later.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
