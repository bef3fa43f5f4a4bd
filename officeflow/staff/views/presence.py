"""The part of a page that says who else is looking at it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from officeflow import records
from officeflow.staff import presence
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag, refresh


def shown(user: User, kind: str, number: str) -> dict[str, Any]:
    """What the part shows to a person, with the tag that changes when somebody comes or goes."""
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
    """Says that the reader is here, and answers who else is; 304 while nobody came or went."""
    if not records.is_visible(request.user, kind, number):
        raise Http404
    presence.mark_present(actor=request.user, kind=kind, number=number)
    context = shown(request.user, kind, number)
    return refresh(request, "staff/presence.html", context["version"], lambda: context)
