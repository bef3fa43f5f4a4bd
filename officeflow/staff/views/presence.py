"""The live part of a page that shows who else has it open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from officeflow import records
from officeflow.permissions import Permission
from officeflow.staff import presence
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag, refresh


def presence_context(user: User, kind: str, number: str) -> dict[str, Any]:
    """Returns the template's context; `version` is an entity tag of the people present."""
    others = presence.others_present(user=user, kind=kind, number=number)
    return {
        "others": others,
        "version": entity_tag(*(each.username for each in others)),
        "live_url": reverse("staff:presence", args=[kind, number]),
        "part_id": f"presence-{kind}-{number}",
    }


@require_GET
@requires()
def present(request: StaffRequest, kind: str, number: str) -> HttpResponse:
    """Marks the person as present and shows the others; 304 while they are the same.

    Of what is HR's only HR is shown: who has a sealed complaint open has often just logged it.
    """
    found = records.find_kind(kind)
    if found is None or not records.is_visible(request.user, kind, number):
        raise Http404
    is_hrs = found.is_hr_only is not None and found.is_hr_only(number)
    if is_hrs and not request.user.may(Permission.VIEW_HR):
        raise Http404
    presence.mark_present(actor=request.user, kind=kind, number=number)
    context = presence_context(request.user, kind, number)
    return refresh(request, "staff/presence.html", context["version"], lambda: context)
