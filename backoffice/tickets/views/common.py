"""What the pages of the work queue share: permissions and look-ups."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import may_view, visible_tickets
from officeflow.permissions import Department, view_permission
from officeflow.staff.access import StaffRequest
from officeflow.staff.models import User
from officeflow.text import CONTROL

# Who sees any department's queue may open these pages; the querysets decide what is on them.
VIEW_ANY_QUEUE = tuple(view_permission(department) for department in Department)


def check_may_view(user: User, department: Department) -> None:
    """Raises `Http404` unless the person may see the department's queue."""
    if not may_view(user, department):
        raise Http404


def ticket_or_404(request: StaffRequest, number: str) -> Ticket:
    """The ticket by its number, when the person may see it."""
    return get_object_or_404(visible_tickets(request.user), number=number.upper())


def query_inside(text: str) -> dict[str, str]:
    """The query of a queue that stands, encoded once more, in another address or in a form."""
    return {name: CONTROL.sub("", value) for name, value in parse_qsl(text[:600])}


def no_store(department: Department, response: HttpResponse) -> HttpResponse:
    """The response; a page of HR is never stored by the browser, which others may use next."""
    if department == Department.HR:
        response["Cache-Control"] = "private, no-store"
    return response
