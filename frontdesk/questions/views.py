"""Answering a question of a department."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.questions.actions import answer_question
from frontdesk.questions.forms import AnswerForm
from frontdesk.questions.models import DeskQuestion
from frontdesk.questions.queries import questions
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Destination
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ANSWER_QUESTION)
def question_answer(request: StaffRequest, number: str) -> HttpResponse:
    """Answers a returned ticket; the answer goes back to the one who asked."""
    question = _question(number)
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_question(
                    actor=request.user, question=question, answer=form.cleaned_data["answer"]
                )
                messages.success(
                    request,
                    _("The answer is on its way to %(name)s.") % {"name": question.asked_by_name},
                )
                return redirect(_about(question))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_about(question))
    elif question.closed_at is not None:
        messages.info(request, _("This question no longer needs an answer."))
        return redirect(_about(question))
    context = {
        "question": question,
        "department": Destination(question.department).label,
        "customer": (question.order or question.complaint).customer,  # type: ignore[union-attr]
        "about_url": _about(question),
        "form": form,
        "cancel_url": _about(question),
    }
    return render(request, "frontdesk/questions/answer.html", context, status=status)


def _question(number: str) -> DeskQuestion:
    """The ticket's open question, else its latest; 404 when it never asked."""
    about = questions().filter(ticket_number=normalise(number))
    question = about.filter(closed_at__isnull=True).first() or about.first()
    if question is None:
        raise Http404
    return question


def _about(question: DeskQuestion) -> str:
    """The page of the order or complaint that the question is about."""
    kind = "order" if question.order_id else "complaint"
    return reverse(f"frontdesk:{kind}", args=[question.subject])
