"""The administration's index with the set-up checklist."""

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
    """Links to every administration page that this person may open.

    People who manage the office also see the set-up checklist.
    """
    if not administration.may_administer(request.user):
        return permission_denied(request, administration.permissions())
    context: dict[str, object] = {"sections": administration.sections(request.user)}
    office = get_office()
    # The demo company is already set up.
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
    """Hides the checklist for everybody."""
    hide_checklist(actor=request.user)
    return redirect("administration:index")


@require_POST
@requires(Permission.MANAGE_OFFICE)
def checklist_show(request: StaffRequest) -> HttpResponse:
    """Shows the checklist again."""
    show_checklist(actor=request.user)
    return redirect("administration:index")
