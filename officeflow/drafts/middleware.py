"""Pages with a draft: never cached, and what they no longer take can still be read."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from officeflow.drafts.actions import DraftEnded, NewerDraft
from officeflow.drafts.pages import FIELD, ON_PAGE, VERSION_FIELD, DraftName, read_key, read_version
from officeflow.drafts.queries import own_draft
from officeflow.drafts.registry import draft_form
from officeflow.drafts.sent_forms import is_author, save_form
from officeflow.errors import Refused
from officeflow.staff.form_author import author_of


class DraftMiddleware:
    """Shows the text of a draft whose page no longer takes it, such as an answered question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the response, or leads to the text of the draft."""
        response = self.get_response(request)
        is_form_shown = hasattr(request, ON_PAGE) and not _leads_elsewhere(response)
        if is_form_shown:
            # A page from the browser's cache would have the key of a draft that has gone on.
            response.headers["Cache-Control"] = "private, no-store"
            return response
        key = _refused_draft(request, response)
        return response if key is None else redirect("drafts:text", key=key)


def _leads_elsewhere(response: HttpResponse) -> bool:
    return response.status_code in (HTTPStatus.FOUND, HTTPStatus.NOT_FOUND)


def _refused_draft(request: HttpRequest, response: HttpResponse) -> UUID | None:
    """Returns the key of the draft that the page was asked to continue, or to send, and refused."""
    source = request.POST if request.method == "POST" else request.GET
    is_refused = _leads_elsewhere(response) or response.status_code == HTTPStatus.CONFLICT
    if not is_refused or FIELD not in source or not request.user.is_authenticated:
        return None
    if request.method == "POST":
        return _keep_refused(request)
    key = read_key(source[FIELD])
    return key if key and own_draft(request.user, key) is not None else None


def _keep_refused(request: HttpRequest) -> UUID | None:
    """Keeps a form that was sent and not accepted, such as one of an order cancelled meanwhile.

    The draft of an accepted form has ended.
    """
    author, name = author_of(request), DraftName.read(request.POST[FIELD])
    kind = draft_form(name.form) if name else None
    if name is None or kind is None or author is None or not is_author(request, author):
        return None
    if not any(request.POST.get(text, "").strip() for text in kind.texts):
        return None
    try:
        version = read_version(request.POST.get(VERSION_FIELD, ""))
        save_form(request, author, name, version=version)
    except (DraftEnded, NewerDraft, Refused):
        return None
    return name.key
