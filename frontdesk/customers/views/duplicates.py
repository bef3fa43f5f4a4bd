"""Shows likely duplicates while a customer is typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from frontdesk.customers.actions.customers import duplicates_after_change
from frontdesk.customers.queries.customers import customer_by_number
from frontdesk.customers.queries.duplicates import candidates
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires

MOST_CHARACTERS = 254
MOST_DECLINED = 50


@require_POST
@requires(Permission.PLACE_ORDER, Permission.RAISE_COMPLAINT, Permission.EDIT_CUSTOMER)
def customer_duplicates(request: StaffRequest) -> HttpResponse:
    """Shows records with a similar name or the same phone or e-mail, except declined ones."""
    given = {name: _typed(request, name) for name in ("name", "phone", "email")}
    declined = request.POST.get("declined", "").split(",")[:MOST_DECLINED]
    edited = customer_by_number(_typed(request, "of")) if request.POST.get("of") else None
    if edited is None:
        found = candidates(name=given["name"], phone=given["phone"], email=given["email"])
    else:
        found = duplicates_after_change(edited, given)
    found = [each for each in found if each.number not in declined]
    context: dict[str, Any] = {
        "duplicates": found,
        "live": True,
        "merges_into": edited,
        "opens": "new_name" not in request.POST,
        "title": _("Possible duplicates"),
    }
    return render(request, "frontdesk/components/duplicates.html", context)


def _typed(request: StaffRequest, name: str) -> str:
    typed = request.POST.get(f"new_{name}", request.POST.get(name, ""))
    return typed.strip()[:MOST_CHARACTERS]
