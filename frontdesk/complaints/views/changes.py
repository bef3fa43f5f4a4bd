"""Telling a customer what came of a complaint, and answering what a department asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.complaints.actions.complaints import (
    can_confirm,
    can_reopen,
    confirm_complaint,
    reopen_complaint,
)
from frontdesk.complaints.models import Complaint
from frontdesk.complaints.queries import questions
from frontdesk.complaints.views.complaints import find_complaint
from frontdesk.forms.changes import AnswerForm, ReasonForm
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import Question
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Destination
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui.forms import show_refusal

any_form = require_http_methods(["GET", "HEAD", "POST"])


def _back(complaint: Complaint) -> str:
    return reverse("frontdesk:complaint", args=[complaint.number])


def _context(complaint: Complaint, form: ReasonForm) -> dict[str, object]:
    return {
        "complaint": complaint,
        "department": Destination(complaint.destination).label,
        "form": form,
        "cancel_url": _back(complaint),
    }


@any_form
@requires(Permission.CONFIRM_COMPLAINT)
def complaint_confirm(request: StaffRequest, number: str) -> HttpResponse:
    """Shows what to tell the customer; satisfied confirms it, not satisfied reopens it."""
    complaint = find_complaint(number)
    if request.method == "POST":
        try:
            confirm_complaint(actor=request.user, complaint=complaint)
            messages.success(request, _("%(number)s is confirmed.") % {"number": complaint.number})
        except Conflict as conflict:
            messages.warning(request, conflict.message)
        return redirect(_back(complaint))
    if not can_confirm(complaint):
        messages.info(request, _("There is nothing to tell the customer now."))
        return redirect(_back(complaint))
    return render(request, "frontdesk/complaints/tell.html", _context(complaint, ReasonForm()))


@any_form
@requires(Permission.CONFIRM_COMPLAINT)
def complaint_reopen(request: StaffRequest, number: str) -> HttpResponse:
    """Sends an answered complaint back with what the customer is still unhappy about."""
    complaint = find_complaint(number)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("What is the customer still unhappy about?")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reopen_complaint(
                    actor=request.user, complaint=complaint, reason=form.cleaned_data["reason"]
                )
                messages.success(
                    request, _("%(number)s is reopened.") % {"number": complaint.number}
                )
                return redirect(_back(complaint))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_back(complaint))
    elif not can_reopen(complaint):
        messages.info(request, _("Only an answered complaint can be reopened."))
        return redirect(_back(complaint))
    return render(
        request, "frontdesk/complaints/reopen.html", _context(complaint, form), status=status
    )


@any_form
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
        messages.info(request, _("This question needs no answer any more."))
        return redirect(_about(question))
    context = {
        "question": question,
        "department": Destination(question.department).label,
        "customer": (question.order or question.complaint).customer,  # type: ignore[union-attr]
        "about_url": _about(question),
        "form": form,
        "cancel_url": _about(question),
    }
    return render(request, "frontdesk/complaints/answer.html", context, status=status)


def _question(number: str) -> Question:
    """The ticket's open question, else its latest; 404 when it never asked."""
    about = questions().filter(ticket_number=normalise(number))
    question = about.filter(closed_at__isnull=True).first() or about.first()
    if question is None:
        raise Http404
    return question


def _about(question: Question) -> str:
    """The page of the order or complaint that the question is about."""
    kind = "order" if question.order_id else "complaint"
    return reverse(f"frontdesk:{kind}", args=[question.subject])
