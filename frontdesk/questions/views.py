"""The page that answers a department's question."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.draft_forms import ANSWER
from frontdesk.notifications.actions import mark_desk_notifications_read
from frontdesk.questions.actions import answer_question
from frontdesk.questions.forms import AnswerQuestionForm
from frontdesk.questions.models import DeskQuestion
from frontdesk.questions.queries import questions
from officeflow.drafts.pages import page_draft
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Destination
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ANSWER_QUESTION)
def question_answer(request: StaffRequest, number: str) -> HttpResponse:
    """Answers the question of a returned ticket."""
    question = _question(number)
    mark_desk_notifications_read(actor=request.user, subject=question.subject)
    draft = page_draft(request, ANSWER, question.ticket_number)
    form = AnswerQuestionForm(request.POST or None, initial=draft.initial())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with draft.sending():
                    answer_question(
                        actor=request.user, question=question, answer=form.cleaned_data["answer"]
                    )
                messages.success(
                    request,
                    _("Your answer has been sent to %(name)s.") % {"name": question.asked_by_name},
                )
                return redirect(_subject_url(question))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                # What was typed stays in sight, beside what the colleague has answered.
                form.add_error(None, conflict.message)
                question, status = _question(number), 409
    elif question.closed_at is not None:
        messages.info(request, _("This question no longer needs an answer."))
        return redirect(_subject_url(question))
    context = {
        "question": question,
        "department": Destination(question.department).label,
        "customer": (question.order or question.complaint).customer,  # type: ignore[union-attr]
        "about_url": _subject_url(question),
        "form": form,
        "draft": draft,
        "cancel_url": _subject_url(question),
    }
    return render(request, "frontdesk/questions/answer.html", context, status=status)


def _question(number: str) -> DeskQuestion:
    """Returns the ticket's open question, else its latest; raises 404 when there is none."""
    found = questions().filter(ticket_number=normalise(number))
    question = found.filter(closed_at__isnull=True).first() or found.first()
    if question is None:
        raise Http404
    return question


def _subject_url(question: DeskQuestion) -> str:
    """Returns the address of the order or complaint that the question is about."""
    kind = "order" if question.order_id else "complaint"
    return reverse(f"frontdesk:{kind}", args=[question.subject])
