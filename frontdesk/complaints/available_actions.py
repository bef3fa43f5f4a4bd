"""What a user may do with a complaint now: the buttons on its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.actions.complaints import can_confirm, can_reopen
from frontdesk.complaints.models import Complaint
from frontdesk.questions.models import DeskQuestion, Hold
from frontdesk.questions.queries import questions_to_answer
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui.action_links import ActionLink


@dataclass(frozen=True, kw_only=True)
class ComplaintActions:
    """The buttons on a complaint's page, and what the user can answer or confirm there."""

    buttons: list[ActionLink]
    questions: list[DeskQuestion]
    holds: list[Hold]
    may_confirm: bool


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
    return ComplaintActions(
        buttons=buttons,
        questions=questions_to_answer(user, list(complaint.questions.all())),
        holds=[hold for hold in complaint.holds.all() if hold.ended_at is None],
        may_confirm=may_confirm,
    )
