"""Registers the forms of tickets that are kept as drafts."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.drafts.registry import DraftForm, register_draft_form

COMMENT, RETURN, COMPLAINT_ANSWER = "comment", "return-ticket", "complaint-answer"


def register_all() -> None:
    """Registers them."""
    for form in (
        DraftForm(
            code=COMMENT,
            url_name="tickets:ticket",
            icon="message",
            kind=gettext_lazy("Comment"),
            title=lambda fields, number: _("Comment on %(number)s") % {"number": number},
            texts=("text",),
        ),
        DraftForm(
            code=RETURN,
            url_name="tickets:ticket-return",
            icon="return",
            kind=gettext_lazy("Question"),
            title=lambda fields, number: _("Question about %(number)s") % {"number": number},
            texts=("question",),
        ),
        DraftForm(
            code=COMPLAINT_ANSWER,
            url_name="tickets:ticket-complete",
            icon="complaint",
            kind=gettext_lazy("Answer to a complaint"),
            title=lambda fields, number: (
                _("Answer to the complaint of %(number)s") % {"number": number}
            ),
            texts=("message",),
        ),
    ):
        register_draft_form(form)
