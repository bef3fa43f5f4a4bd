"""What colleagues write on a ticket, and what is new for one."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.tickets import actions, notifications, queries
from backoffice.tickets.views.common import SEES_A_QUEUE, ticket_or_404
from backoffice.tickets.views.ticket import CommentForm, ticket_page
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.text import name_key
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of

MOST_OFFERED = 8


@require_POST
@requires(*SEES_A_QUEUE)
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
            form.act_once(
                actor=request.user,
                endpoint=f"comment {found.number}",
                body={"text": text},
                effect=effect,
                reused=_("A different comment was already sent from this page. Send yours again."),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect(reverse("tickets:ticket", args=[found.number]) + "#story")
    return ticket_page(request, found, form, status=400)


@require_safe
@requires(*SEES_A_QUEUE)
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
                for person in fitting[:MOST_OFFERED]
            ]
        }
    )


@require_safe
@requires(*SEES_A_QUEUE)
def news_page(request: StaffRequest) -> HttpResponse:
    """What is new for the person, latest first; a piece of it leads to its ticket."""
    page = page_of(request, queries.news_of(request.user), order=["-at", "-id"], cursor="id")
    return render(
        request,
        "backoffice/tickets/notifications.html",
        {
            "page": page,
            "rows": [
                {
                    "notice": notice,
                    "words": notifications.sentence(notice),
                    "icon": notifications.icon(notice),
                }
                for notice in page.rows
            ],
            "unread": queries.unread_count(request.user),
        },
    )


@require_POST
@requires(*SEES_A_QUEUE)
def news_read(request: StaffRequest) -> HttpResponse:
    """Everything new has been seen."""
    if actions.read_notices(actor=request.user):
        messages.success(request, _("All notifications are marked as read."))
    return redirect("tickets:news")


@require_safe
@requires(*SEES_A_QUEUE)
def bell(request: StaffRequest) -> HttpResponse:
    """The bell in the top bar, as it stands now; what came since the page last asked is said."""
    newest = queries.newest_unread(request.user)
    version = entity_tag(request.user.pk, newest, queries.unread_count(request.user))
    response = refresh(
        request,
        "backoffice/tickets/bell.html",
        version,
        lambda: {"corner": notifications.bell(request.user, version)},
    )
    if response.status_code == 200:
        since = request.GET.get("since", "")
        if newest and since.isascii() and since.isdigit() and newest > int(since[:18]):
            latest = queries.news_of(request.user).unread().order_by("-pk").first()
            if latest is not None:
                said = {
                    "text": f"{notifications.sentence(latest)} ({latest.ticket.number})",
                    "tone": "info",
                }
                response["HX-Trigger"] = json.dumps({"toast": said})
    return response
