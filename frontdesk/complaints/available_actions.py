"""What a user may do with a complaint now: the buttons on its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.actions.complaints import can_confirm, can_reopen
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.progress_words import next_words, state_words
from frontdesk.complaints.states import ComplaintState
from frontdesk.questions.models import DeskQuestion, Hold
from frontdesk.questions.queries import questions_to_answer
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui.action_links import ActionLink


@dataclass(frozen=True, kw_only=True)
class ComplaintActions:
    """The buttons on a complaint's page, and what the user can answer or confirm there.

    `standing` and `next_step` say where the complaint stands and what comes next.
    """

    standing: str
    next_step: str
    buttons: list[ActionLink]
    questions: list[DeskQuestion]
    holds: list[Hold]
    may_confirm: bool
    is_answered: bool


def complaint_actions(user: User, complaint: Complaint) -> ComplaintActions:
    """Returns what the complaint's state allows and the user may do."""
    may_close = user.may(Permission.CONFIRM_COMPLAINT)
    may_confirm = may_close and can_confirm(complaint)
    buttons = []
    if may_confirm:
        buttons.append(
            ActionLink(
                name="confirm",
                label=_("Tell the customer"),
                url=reverse("frontdesk:complaint-confirm", args=[complaint.number]),
                icon="message",
                key="t",
                variant="primary",
            )
        )
    elif may_close and can_reopen(complaint):
        buttons.append(
            ActionLink(
                name="reopen",
                label=_("Reopen"),
                url=reverse("frontdesk:complaint-reopen", args=[complaint.number]),
                icon="undo",
            )
        )
    questions = questions_to_answer(user, list(complaint.questions.all()))
    return ComplaintActions(
        standing=state_words(complaint),
        next_step=next_words(complaint, questions=questions),
        buttons=buttons,
        questions=questions,
        holds=[hold for hold in complaint.holds.all() if hold.ended_at is None],
        may_confirm=may_confirm,
        is_answered=complaint.state in (ComplaintState.RESOLVED, ComplaintState.CONFIRMED),
    )
