"""Who may be known already, offered before a second record is made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from frontdesk.customers.actions.customers import LikelyDuplicate, add_customer, alike_after
from frontdesk.customers.forms import CustomerChoice, CustomerEditForm, CustomerForm
from frontdesk.customers.models import Customer
from frontdesk.customers.queries.customers import customer_of
from frontdesk.customers.queries.duplicates import candidates
from officeflow.errors import Refused
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.staff.permissions import Permission

LONGEST = 254
MOST_DECLINED = 50


def customer_chosen(actor: User, form: CustomerChoice) -> Customer | None:
    """The customer that a form names: somebody known, somebody added now, or None for a walk-in.

    Raises `Refused` with the form's own field, `LikelyDuplicate`.
    """
    if not form.adds_customer:
        record: Customer | None = form.cleaned_data["record"]
        return record
    try:
        return add_customer(
            actor=actor,
            unless_known=True,
            not_these=form.cleaned_data["not_these"],
            **form.new_customer(),
        )
    except Refused as refused:
        raise Refused(refused.message, f"new_{refused.field or 'name'}") from refused


def tell_alike(
    form: CustomerChoice | CustomerForm | CustomerEditForm, likely: LikelyDuplicate
) -> None:
    """Lets a refused form show who may be meant; everything that was typed stays in it."""
    form.alike = likely.candidates
    form.add_error(None, likely.message)


def tell_alike_with_all_else(form: CustomerChoice) -> None:
    """Shows who may be meant in a form that is refused for other reasons already."""
    if not form.adds_customer or any(name.startswith("new_") for name in form.errors):
        return
    given = form.new_customer()
    found = candidates(name=given["name"], phone=given["phone"], email=given["email"])
    if any(each.number not in form.cleaned_data.get("not_these", []) for each in found):
        tell_alike(form, LikelyDuplicate(found))


@require_POST
@requires(Permission.PLACE_ORDER, Permission.RAISE_COMPLAINT, Permission.EDIT_CUSTOMER)
def customers_alike(request: StaffRequest) -> HttpResponse:
    """Who may be the same as somebody whose name, phone or e-mail was just typed; writes nothing.

    Those of whom it was said already that they are somebody else are left out.
    """
    given = {name: _typed(request, name) for name in ("name", "phone", "email")}
    declined = request.POST.get("not_these", "").split(",")[:MOST_DECLINED]
    edited = customer_of(_typed(request, "of")) if request.POST.get("of") else None
    if edited is None:
        found = candidates(name=given["name"], phone=given["phone"], email=given["email"])
    else:
        found = alike_after(edited, given)
    found = [each for each in found if each.number not in declined]
    context: dict[str, Any] = {
        "alike": found,
        "live": True,
        "merges_into": edited,
        "opens": "new_name" not in request.POST,
        "title": _("Perhaps known already"),
    }
    return render(request, "frontdesk/parts/alike.html", context)


def _typed(request: StaffRequest, name: str) -> str:
    typed = request.POST.get(f"new_{name}", request.POST.get(name, ""))
    return typed.replace("\x00", "").strip()[:LONGEST]
