"""Forms of tickets, queues and saved views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.tickets.actions.transitions import TEXT_LIMIT
from backoffice.tickets.models import ReasonToReturn, Ticket
from backoffice.tickets.queries import QueueFilter, viewers, workers
from backoffice.tickets.states import Outcome, Priority
from officeflow.permissions import Department
from officeflow.staff.models import User
from officeflow.ui.edit_conflict import VersionField
from officeflow.ui.fields import DayField
from officeflow.workflow import choices


class AutofocusRadioSelect(forms.RadioSelect):
    """Radio buttons without a choice; the first one has the focus when the page opens."""

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, index: int, *rest: Any, **more: Any
    ) -> dict[str, Any]:
        """Returns an option, the first one with `autofocus`."""
        option = super().create_option(name, value, label, selected, index, *rest, **more)
        if index == 0:
            option["attrs"]["autofocus"] = True
        return option


class ReturnForm(forms.Form):
    """The reason for returning a ticket, and the question to the desk."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        widget=AutofocusRadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    question = forms.CharField(
        label=_("What should the front desk find out?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter what the front desk should find out.")},
    )

    def __init__(self, *args: Any, reasons: Iterable[ReasonToReturn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [(reason.code, reason.label) for reason in reasons]


class ComplaintAnswerForm(forms.Form):
    """The outcome of a complaint, and the answer for the customer."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=choices(Outcome),
        widget=AutofocusRadioSelect,
        error_messages={"required": _("Choose the outcome of the complaint.")},
    )
    message = forms.CharField(
        label=_("Answer for the customer"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Enter the answer for the customer.")},
    )


class ReopenForm(forms.Form):
    """Why a completed ticket is not finished after all; Undo needs no reason."""

    reason = forms.CharField(
        label=_("What is not finished after all?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("Enter why the ticket is not finished after all.")},
    )

    def __init__(self, *args: Any, is_undo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not is_undo


class HoldForm(forms.Form):
    """The reason of a hold, and the day on which it ends."""

    reason = forms.CharField(
        label=_("What is the ticket waiting for?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("Enter what the ticket is waiting for.")},
    )
    until_date = DayField(
        label=_("Until"),
        error_messages={
            "required": _("Choose the day on which the hold ends."),
        },
    )


class ColleagueField(forms.ModelChoiceField):
    """A colleague, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Returns the person's name."""
        return str(obj)


class TransferForm(forms.Form):
    """A ticket that goes from one colleague to another, with a note.

    `holder` is the colleague who had the ticket when the page was shown.
    """

    holder = forms.ModelChoiceField(
        queryset=User.objects.all(),
        to_field_name="username",
        required=False,
        widget=forms.HiddenInput,
    )
    note = forms.CharField(
        label=_("Message to your colleague"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TakeOverForm(TransferForm):
    """Taking a ticket over from its assignee."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].required = True
        self.fields["note"].widget.attrs["autofocus"] = True


class ReassignForm(TransferForm):
    """Giving a ticket to somebody who works in its department."""

    to = ColleagueField(
        label=_("Reassign to"),
        empty_label=_("Choose a colleague"),
        queryset=User.objects.none(),
        to_field_name="username",
        widget=forms.Select(attrs={"autofocus": True}),
        error_messages={"required": _("Choose a colleague.")},
    )
    field_order = ("holder", "to", "note")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = workers(ticket.department)
        if ticket.assignee_id is not None:
            people = people.exclude(pk=ticket.assignee_id)
        cast(ColleagueField, self.fields["to"]).queryset = people


class PriorityForm(forms.Form):
    """A ticket's priority; `seen` is the priority when the page was shown.

    With `above`, only higher priorities can be chosen, with a reason: a request for a rush.
    """

    seen = forms.ChoiceField(choices=choices(Priority), widget=forms.HiddenInput)
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=choices(Priority),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the priorities.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter why this ticket should come first.")},
    )

    def __init__(self, *args: Any, above: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if above is not None:
            higher = [each for each in Priority if each.rank < Priority(above).rank]
            field = cast(forms.ChoiceField, self.fields["priority"])
            field.choices = [(each.value, each.label) for each in higher]
            self.fields["reason"].required = True
            self.initial["priority"] = higher[-1] if higher else ""


class ViewFields(forms.Form):
    """The name of a saved view, and who sees it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        error_messages={"required": _("Enter a name for the view.")},
    )
    is_default = forms.BooleanField(label=_("Open the queue with this view"), required=False)
    is_shared = forms.BooleanField(
        label=_("Share with everybody who can see this queue"), required=False
    )


class SaveViewForm(ViewFields):
    """A name for the filters of a queue."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class ViewForm(ViewFields):
    """The changeable fields of a saved view, without its filters."""

    version = VersionField(min_value=0)


class ConfirmForm(forms.Form):
    """A confirmation without fields."""


def queue_filter_form(filters: QueueFilter, *, department: Department, user: User) -> forms.Form:
    """Returns the form of the filters above a queue, which are sent by GET.

    Only the tab of all tickets has a field for the state.
    """
    form: forms.Form = filters.form
    people = [
        (person.username, str(person)) for person in viewers(department) if person.pk != user.pk
    ]
    form.fields["assignee"].widget = forms.Select(
        choices=[("", _("Anybody")), ("me", _("I")), ("nobody", _("Nobody")), *people]
    )
    form.fields["late"].widget = forms.CheckboxInput(attrs={"value": "1"})
    # All filters are optional; marking each field as optional would be too much.
    form.use_required_attribute = False
    for name, field in form.fields.items():
        field.required = name != "late"
    if filters.values["tab"] != "all":
        del form.fields["state"]
    return form
