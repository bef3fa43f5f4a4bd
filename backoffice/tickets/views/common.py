"""Functions that the views of the work queue share."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from backoffice.tickets.models import Ticket
from backoffice.tickets.queries import may_view, visible_tickets
from officeflow.permissions import Department
from officeflow.staff.access import StaffRequest
from officeflow.staff.models import User
from officeflow.text import CONTROL


def check_may_view(user: User, department: Department) -> None:
    """Raises `Http404` unless the user may see the department's queue."""
    if not may_view(user, department):
        raise Http404


def ticket_or_404(request: StaffRequest, number: str) -> Ticket:
    """Returns the ticket with a number. Raises `Http404` if the user may not see it."""
    return get_object_or_404(visible_tickets(request.user), number=number.upper())


def query_inside(text: str) -> dict[str, str]:
    """Returns the values of a queue's query that is a parameter of an address or a form."""
    return {name: CONTROL.sub("", value) for name, value in parse_qsl(text[:600])}


def no_store(department: Department, response: HttpResponse) -> HttpResponse:
    """Returns the response; a shared browser must not store a page of HR."""
    if department == Department.HR:
        response["Cache-Control"] = "private, no-store"
    return response
