"""What people type on a ticket: shape only; the actions say what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.actions.verbs import TEXT_LIMIT
from backoffice.tickets.models import ReasonToReturn
from backoffice.tickets.states import Outcome
from officeflow.workflow import choices


class FirstThing(forms.RadioSelect):
    """The choice that a page begins with: the cursor stands on its first option, unchosen."""

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, index: int, *rest: Any, **more: Any
    ) -> dict[str, Any]:
        """One option; the first has the cursor."""
        option = super().create_option(name, value, label, selected, index, *rest, **more)
        if index == 0:
            option["attrs"]["autofocus"] = True
        return option


class ReturnForm(forms.Form):
    """Why a ticket goes back to the desk, and what the desk should find out."""

    reason = forms.ChoiceField(
        label=_("Why"),
        widget=FirstThing,
        error_messages={"required": _("Choose why the ticket goes back.")},
    )
    question = forms.CharField(
        label=_("What should the desk find out?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what the desk should find out.")},
    )

    def __init__(self, *args: Any, reasons: Iterable[ReasonToReturn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [(reason.code, reason.label) for reason in reasons]


class AnswerForm(forms.Form):
    """How a department answers a complaint."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=choices(Outcome),
        widget=FirstThing,
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
