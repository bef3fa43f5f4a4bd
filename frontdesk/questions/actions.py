"""Answering a department's question."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.questions.models import DeskQuestion
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User


@transaction.atomic
def answer_question(*, actor: User, question: DeskQuestion, answer: str) -> DeskQuestion:
    """Answers a returned ticket and posts the answer to the department.

    The answer about a sealed complaint is posted sealed and not stored at the desk. Raises
    `Refused` without an answer, `Conflict` when the question was answered or closed.
    """
    answer = answer.strip()
    if not answer:
        raise Refused(_("Enter an answer for the department."), "answer")
    is_sealed = question.complaint is not None and question.complaint.is_sealed
    now = timezone.now()
    updated = DeskQuestion.objects.filter(pk=question.pk, closed_at__isnull=True).update(
        answer="" if is_sealed else answer, answered_by=actor, closed_at=now
    )
    question = DeskQuestion.objects.select_related("answered_by").get(pk=question.pk)
    if not updated:
        if question.answered_by is None:
            raise Conflict(_("This question no longer needs an answer."))
        raise Conflict(
            _("%(name)s has already answered this question.") % {"name": question.answered_by}
        )
    record(
        actor=actor,
        action="answer_question",
        subject_kind="order" if question.order_id else "complaint",
        subject=question.subject,
        changes={"ticket": (None, question.ticket_number)},
        realm=Realm.HR if is_sealed else Realm.OFFICE,
        at=now,
    )
    settle_desk_notifications(subject=question.subject, kind=DeskNotificationKind.ASKED)
    post(
        contracts.TicketAnswered(
            ticket_number=question.ticket_number,
            answer=answer,
            answered_at=now,
            answered_by_name=str(actor),
        ),
        to=[Destination(question.department)],
        subject=question.subject,
        actor=actor,
        is_sealed=is_sealed,
    )
    return question
