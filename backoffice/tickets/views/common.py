"""What the pages of the work queue share: who may come in, which ticket, and refreshing parts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import may_view, visible_tickets
from officeflow.staff.access import StaffRequest
from officeflow.staff.models import User
from officeflow.staff.permissions import Department, view_permission

# Whoever sees any department's queue may come in; which tickets are there is the queryset's word.
SEES_A_QUEUE = tuple(view_permission(department) for department in Department)


def department_or_404(user: User, name: str) -> Department:
    """The department by its name in the address; somebody else's is not there."""
    if name not in Department.values:
        raise Http404
    department = Department(name)
    if not may_view(user, department):
        raise Http404
    return department


def ticket_or_404(request: StaffRequest, number: str) -> Ticket:
    """The ticket by its number, when the person may see it."""
    return get_object_or_404(visible_tickets(request.user), number=number.upper())


def entity_tag(user: User, *parts: Any) -> str:
    """A strong entity tag of the parts for this person in their language."""
    words = [str(user.pk), translation.get_language() or "", *map(str, parts)]
    return f'"{hashlib.sha256("|".join(words).encode()).hexdigest()[:24]}"'


def kept_nowhere(department: Department, response: HttpResponse) -> HttpResponse:
    """A page of a department; of HR's the browser keeps nothing for whoever sits there next."""
    if department == Department.HR:
        response["Cache-Control"] = "private, no-store"
    return response


def refresh(
    request: HttpRequest, template: str, version: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """A part of a page that refreshes itself, or 304 when the page shows this version already."""
    response: HttpResponse
    if request.headers.get("If-None-Match", "").removeprefix("W/") == version:
        response = HttpResponseNotModified()
    else:
        response = render(request, template, {**context(), "version": version})
    response["ETag"] = version
    response["Cache-Control"] = "private, no-cache"
    return response
