"""The part of a page that says who else is looking at it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from officeflow.staff import presence
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User


def shown(user: User, kind: str, number: str) -> dict[str, Any]:
    """What the part shows to a person, with the tag that changes when somebody comes or goes."""
    others = presence.others_here(user=user, kind=kind, number=number)
    names = "|".join([translation.get_language() or "", *(each.username for each in others)])
    return {
        "others": others,
        "version": f'"{hashlib.sha256(names.encode()).hexdigest()[:16]}"',
        "live_url": reverse("staff:presence", args=[kind, number]),
        "part_id": f"presence-{kind}-{number}",
    }


@require_GET
@requires()
def present(request: StaffRequest, kind: str, number: str) -> HttpResponse:
    """Says that the reader is here, and answers who else is; 304 while nobody came or went."""
    if not presence.may_see(request.user, kind, number):
        raise Http404
    presence.be_here(actor=request.user, kind=kind, number=number)
    context = shown(request.user, kind, number)
    response: HttpResponse
    if request.headers.get("If-None-Match", "").removeprefix("W/") == context["version"]:
        response = HttpResponseNotModified()
    else:
        response = render(request, "staff/presence.html", context)
    response["ETag"] = context["version"]
    response["Cache-Control"] = "private, no-cache"
    return response
