"""The form that answers a department's question."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.ui.fields import MultilineField, MultilineInput


class AnswerQuestionForm(forms.Form):
    """The desk's answer to a department's question."""

    answer = MultilineField(
        label=_("Answer"), max_length=limits.NOTE, widget=MultilineInput(rows=4)
    )
