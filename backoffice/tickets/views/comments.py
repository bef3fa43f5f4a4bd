"""What colleagues write on a ticket."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.tickets import actions, queries
from backoffice.tickets.views.common import VIEW_ANY_QUEUE, ticket_or_404
from backoffice.tickets.views.ticket import CommentForm, ticket_page
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.text import name_key
from officeflow.ui.forms import show_refusal

MAX_SUGGESTIONS = 8


@require_POST
@requires(*VIEW_ANY_QUEUE)
def comment(request: StaffRequest, number: str) -> HttpResponse:
    """Writes a comment; one that is refused is shown again with what was typed."""
    found = ticket_or_404(request, number)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]

        def effect() -> dict[str, int]:
            written = actions.comment_ticket(actor=request.user, ticket=found, text=text)
            return {"pk": written.pk}

        try:
            form.run_once(
                actor=request.user,
                endpoint=f"comment {found.number}",
                body={"text": text},
                effect=effect,
                reused=_("A different comment was already sent from this page. Send yours again."),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect(reverse("tickets:ticket", args=[found.number]) + "#timeline")
    return ticket_page(request, found, form, status=400)


@require_safe
@requires(*VIEW_ANY_QUEUE)
def people(request: StaffRequest, number: str) -> JsonResponse:
    """Whom a comment on this ticket can mention: the people who may see it."""
    found = ticket_or_404(request, number)
    asked = name_key(request.GET.get("q", ""))
    fitting = [
        person
        for person in queries.viewers(found.department)
        if person.pk != request.user.pk
        and (
            person.username.lower().startswith(asked)
            or any(part.startswith(asked) for part in name_key(str(person)).split())
        )
    ]
    return JsonResponse(
        {
            "results": [
                {"id": person.username, "label": str(person), "hint": f"@{person.username}"}
                for person in fitting[:MAX_SUGGESTIONS]
            ]
        }
    )
