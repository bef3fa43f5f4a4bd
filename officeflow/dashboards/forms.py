"""Forms: an operator's reason, and the filters of the lists of hand-offs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officeflow.dashboards.visibility import CONTRACT_LABELS
from officeflow.handoff.actions import REASON_LENGTH
from officeflow.handoff.models import Destination, HandoffState
from officeflow.ui.widgets import DateInput

Bounds = tuple[datetime | None, datetime | None]
ANY = [("", _("Any"))]


class ReasonForm(forms.Form):
    """The reason for replaying a dead hand-off or setting it aside."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Colleagues can read it later. Do not write names of customers."),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Enter a reason, so that colleagues can follow it later.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandoffFilterForm(forms.Form):
    """The filters of the list. `from` and `to` are the days of posting, both included."""

    about = forms.CharField(label=_("About"), required=False, max_length=40)
    contract = forms.ChoiceField(
        label=_("Hand-off"), required=False, choices=[*ANY, *CONTRACT_LABELS.items()]
    )
    destination = forms.ChoiceField(
        label=_("Destination"), required=False, choices=[*ANY, *Destination.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ANY, *HandoffState.choices]
    )
    accepted = forms.ChoiceField(
        label=_("Accepted"),
        required=False,
        choices=[*ANY, ("yes", _("Accepted")), ("no", _("Not accepted"))],
    )

    def __init__(self, *args: Any, bounds: Bounds, **kwargs: Any) -> None:
        """`bounds` are the moments of `from` and `to` in the query."""
        super().__init__(*args, **kwargs)
        self.bounds = bounds
        for name, label in (("from", _("Posted from")), ("to", _("Posted until"))):
            self.fields[name] = forms.CharField(label=label, required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """Checks that both are days and that they are in order."""
        cleaned = super().clean() or {}
        for name, bound in zip(("from", "to"), self.bounds, strict=True):
            if cleaned.get(name) and bound is None:
                self.add_error(name, _("Enter a day such as 2026-11-22."))
        start, end = self.bounds
        if start and end and end <= start:
            self.add_error("to", _("The last day must not be before the first day."))
        return cleaned


class DeadFilterForm(HandoffFilterForm):
    """The filters of the list of dead hand-offs, and of a replay of many."""

    about = state = accepted = None  # type: ignore[assignment]
    error = forms.CharField(label=_("Error contains"), required=False, max_length=100)
