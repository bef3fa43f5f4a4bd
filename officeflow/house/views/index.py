"""The administration's index."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from officeflow.staff.access import StaffRequest, not_yours, requires
from officeflow.staff.permissions import Permission
from officeflow.ui import administration


@requires()
def index(request: StaffRequest) -> HttpResponse:
    """A card for everything that this person may set or look up."""
    if not administration.may_administer(request.user):
        return not_yours(request, [Permission(each) for each in administration.permissions()])
    return render(request, "house/index.html", {"boards": administration.boards(request.user)})
