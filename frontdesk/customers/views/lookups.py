"""The customers that a combobox offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontdesk.customers.choice import NEW, adding
from frontdesk.customers.contact import as_contact
from frontdesk.customers.queries.customers import CustomerMatch, find_customers
from frontdesk.customers.queries.warnings import chosen_customer
from frontdesk.customers.search import matched_address
from officeflow.catalogue.models import Product
from officeflow.catalogue.scans import product_scanned
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.query_parameters import query_parameter
from officeflow.ui.search import SearchQuery
from officeflow.ui.widgets import lookup_answer


@require_safe
@requires(Permission.VIEW_DESK)
def lookup_customers(request: StaffRequest) -> JsonResponse:
    """Returns customers by name, phone, e-mail or number, and the choice to add a new customer.

    With `known` in the address there is no such choice, and `except` leaves out the customer with
    that number. With `products` a barcode is offered as a product instead of as a customer's phone.
    """
    text = query_parameter(request, "q")
    query = SearchQuery.of(text)
    left_out = query_parameter(request, "except")
    results = [
        _customer(known, query)
        for known in find_customers(query, limit=8)
        if known.customer.number != left_out
    ]
    is_code = text.isdecimal() and query_parameter(request, "products")
    scanned = product_scanned([text]) if is_code else None
    if scanned is not None and scanned.barcode:
        results.append(_product(scanned))
    elif (
        text
        and request.user.may(Permission.EDIT_CUSTOMER)
        and not query_parameter(request, "known")
    ):
        results.append(_new_customer(text))
    return lookup_answer(results)


@require_safe
@requires(Permission.VIEW_DESK)
def warning(request: StaffRequest) -> HttpResponse:
    """Shows number, phone, standing note and balances of the `customer` that a form has chosen."""
    number = query_parameter(request, "customer")
    context = {"chosen": chosen_customer(number) if number else None}
    return render(request, "frontdesk/components/chosen_customer.html", context)


def _new_customer(text: str) -> dict[str, Any]:
    contact = as_contact(text)
    return {"id": NEW, "label": adding(contact), "hint": "", "data": {"new": contact}}


def _product(product: Product) -> dict[str, Any]:
    return {
        "id": "",
        "label": str(product),
        "hint": _("Product: add it to the order"),
        "exact": True,
        "data": {"scan": product.sku},
    }


def _customer(known: CustomerMatch, query: SearchQuery) -> dict[str, Any]:
    customer, contact = known.customer, known.contact
    hint = [
        *([_("similar")] if known.distance else []),
        matched_address(known, query),
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
        "exact": known.is_numbered
        or query.text.casefold() in (customer.name.casefold(), customer.email.casefold())
        or bool(query.digits and query.digits == _digits(customer.phone)),
        "data": {"address": customer.address},
    }


def _digits(phone: str) -> str:
    """Returns a phone's digits as `SearchQuery.digits` has them."""
    return SearchQuery.of(phone).digits
