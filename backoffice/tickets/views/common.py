"""What the pages of the work queue share: who may come in, and which ticket."""

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


def query_inside(text: str) -> dict[str, str]:
    """The query of a queue that stands, encoded once more, in another address or in a form."""
    return {name: CONTROL.sub("", value) for name, value in parse_qsl(text[:600])}


def kept_nowhere(department: Department, response: HttpResponse) -> HttpResponse:
    """A page of a department; of HR's the browser keeps nothing for whoever sits there next."""
    if department == Department.HR:
        response["Cache-Control"] = "private, no-store"
    return response
