"""The administration's index, and what is left to set up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from officeflow.company.actions import hide_checklist, show_checklist
from officeflow.company.queries import get_office
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, permission_denied, requires
from officeflow.ui import administration, checklist


@requires()
def index(request: StaffRequest) -> HttpResponse:
    """A link to everything that this person may set or look up.

    Above them, for whoever manages the office, what is left to set up.
    """
    if not administration.may_administer(request.user):
        return permission_denied(request, administration.permissions())
    context: dict[str, object] = {"sections": administration.sections(request.user)}
    office = get_office()
    # The demo company has lived for weeks; nothing of it is left to set up.
    if request.user.may(Permission.MANAGE_OFFICE) and not office.is_demo:
        hidden = office.checklist_hidden_at is not None
        context["checklist_is_hidden"] = hidden
        if not hidden:
            steps = checklist.steps(request.user)
            done = sum(step.is_done for step in steps)
            context |= {"steps": steps, "done": done, "left": len(steps) - done}
    return render(request, "administration/index.html", context)


@require_POST
@requires(Permission.MANAGE_OFFICE)
def checklist_hide(request: StaffRequest) -> HttpResponse:
    """Puts the list away."""
    hide_checklist(actor=request.user)
    return redirect("administration:index")


@require_POST
@requires(Permission.MANAGE_OFFICE)
def checklist_show(request: StaffRequest) -> HttpResponse:
    """Takes the list out again."""
    show_checklist(actor=request.user)
    return redirect("administration:index")
