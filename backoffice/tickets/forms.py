"""What people type on a ticket: shape only; the actions say what is allowed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.actions.verbs import TEXT_LIMIT
from backoffice.tickets.states import Outcome, ReturnReason
from officeflow.workflow import choices


class ReturnForm(forms.Form):
    """Why a ticket goes back to the desk, and what the desk should find out."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=choices(ReturnReason),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the ticket goes back.")},
    )
    question = forms.CharField(
        label=_("What should the desk find out?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what the desk should find out.")},
    )


class AnswerForm(forms.Form):
    """How a department answers a complaint."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=choices(Outcome),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the complaint is answered.")},
    )
    message = forms.CharField(
        label=_("What the desk tells the customer"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what the desk should tell the customer.")},
    )


class EmptyForm(forms.Form):
    """A confirmation that asks for nothing but the press of its button."""
