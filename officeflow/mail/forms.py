"""Forms of the mailbox and of the wordings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from officeflow import limits
from officeflow.mail.actions import MAX_REASON_LENGTH
from officeflow.mail.events import events
from officeflow.mail.states import MessageState
from officeflow.mail.wording import MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH, Wording
from officeflow.ui.edit_conflict import VersionField


def _events() -> list[tuple[str, Any]]:
    return [("", _("All kinds of message")), *((event.code, event.label) for event in events())]


class MailboxFilterForm(forms.Form):
    """The filters of the mailbox; unknown values are ignored."""

    state = forms.ChoiceField(
        choices=[("", ""), *MessageState.choices], required=False, widget=forms.HiddenInput
    )
    event = forms.ChoiceField(label=_("Kind of message"), choices=_events, required=False)
    text = forms.CharField(
        label=_("Number, name or e-mail"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "SO-000123", "type": "search"}),
    )


class ResendForm(forms.Form):
    """The address and the reason for sending a message again."""

    to_address = forms.EmailField(
        label=_("To"),
        max_length=limits.EMAIL,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.com.")},
    )
    reason = forms.CharField(
        label=_("Why do you want to send it again?"),
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter a reason for sending it again.")},
    )


class WordingForm(forms.Form):
    """The wording of an event in a language."""

    version = VersionField(min_value=0)
    language = forms.ChoiceField(choices=settings.TEXT_LANGUAGES, widget=forms.HiddenInput)
    subject = forms.CharField(label=_("Subject"), max_length=MAX_SUBJECT_LENGTH)
    body = forms.CharField(
        label=_("Text"), max_length=MAX_BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 14})
    )

    def wording(self) -> Wording:
        """Returns the wording."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["body"])
