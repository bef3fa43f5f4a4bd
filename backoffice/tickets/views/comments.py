"""Commenting on a ticket."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.tickets import actions, queries
from backoffice.tickets.actions.comments import people_not_told
from backoffice.tickets.draft_forms import COMMENT
from backoffice.tickets.queries.tickets import VIEW_ANY_QUEUE
from backoffice.tickets.views.common import ticket_or_404
from backoffice.tickets.views.ticket import CommentForm, ticket_page
from officeflow.drafts.pages import page_draft
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.text import name_key
from officeflow.ui.forms import show_refusal
from officeflow.ui.query_parameters import query_parameter

MAX_SUGGESTIONS = 8


@require_POST
@requires(*VIEW_ANY_QUEUE)
def comment(request: StaffRequest, number: str) -> HttpResponse:
    """Adds a comment; a refused one is shown again in the form."""
    found = ticket_or_404(request, number)
    form = CommentForm(request.POST)
    draft = page_draft(request, COMMENT, found.number)
    if form.is_valid():
        text = form.cleaned_data["text"]

        def effect() -> dict[str, int]:
            written = actions.comment_ticket(actor=request.user, ticket=found, text=text)
            draft.end()
            return {"pk": written.pk}

        try:
            form.run_once(
                actor=request.user,
                endpoint=f"comment {found.number}",
                body={"text": text},
                effect=effect,
                reused=_(
                    "You have already sent a different comment from this page. Send this one again."
                ),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            for person in people_not_told(text, found):
                words = _("%(name)s may not see this ticket and was not told of your comment.")
                messages.warning(request, words % {"name": person})
            return redirect(reverse("tickets:ticket", args=[found.number]) + "#timeline")
    return ticket_page(request, found, form, draft, status=422)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def people(request: StaffRequest, number: str) -> JsonResponse:
    """Returns the people whom a comment can mention: those who may see the ticket."""
    found = ticket_or_404(request, number)
    text = name_key(query_parameter(request, "q"))
    matching = [
        person
        for person in queries.viewers(found.department)
        if person.pk != request.user.pk
        and (
            person.username.lower().startswith(text)
            or any(part.startswith(text) for part in name_key(str(person)).split())
        )
    ]
    return JsonResponse(
        {
            "results": [
                {"id": person.username, "label": str(person), "hint": f"@{person.username}"}
                for person in matching[:MAX_SUGGESTIONS]
            ]
        }
    )
