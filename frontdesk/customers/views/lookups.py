"""The customers that a combobox offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontdesk.customers.choice import NEW
from frontdesk.customers.queries.customers import CustomerMatch, find_customers
from frontdesk.customers.queries.warnings import warning_about
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.query_parameters import query_parameter
from officeflow.ui.search import SearchQuery
from officeflow.ui.widgets import lookup_answer


@require_safe
@requires(Permission.VIEW_DESK)
def lookup_customers(request: StaffRequest) -> JsonResponse:
    """Returns customers by name, phone, e-mail or number, and the choice to add a new customer.

    With `known` in the address there is no such choice.
    """
    text = query_parameter(request, "q")
    results = [_customer(known) for known in find_customers(SearchQuery.of(text), limit=8)]
    if (
        text
        and request.user.may(Permission.EDIT_CUSTOMER)
        and not query_parameter(request, "known")
    ):
        results.append(
            {
                "id": NEW,
                "label": _("Add “%(name)s” as a new customer") % {"name": text},
                "hint": "",
                "data": {"new": text},
            }
        )
    return lookup_answer(results)


@require_safe
@requires(Permission.VIEW_DESK)
def warning(request: StaffRequest) -> HttpResponse:
    """Shows the standing note and the balances of the `customer` that a form has chosen."""
    number = query_parameter(request, "customer")
    context = {"warning": warning_about(number) if number else None}
    return render(request, "frontdesk/components/customer_warning.html", context)


def _customer(known: CustomerMatch) -> dict[str, Any]:
    customer, contact = known.customer, known.contact
    hint = [
        *([_("similar")] if known.distance else []),
        *([" ".join(filter(None, (contact.label, contact.value)))] if contact else []),
        customer.phone,
        customer.email,
        customer.number,
    ]
    return {
        "id": customer.number,
        "label": customer.name,
        "hint": " · ".join(filter(None, hint)),
        "near": bool(known.distance),
        "data": {"address": customer.address},
    }
