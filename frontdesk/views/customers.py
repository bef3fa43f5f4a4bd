"""Customers: the list, one customer, adding and editing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from frontdesk.actions import StaleVersion, add_customer, change_customer
from frontdesk.forms.customers import CustomerEditForm, CustomerForm
from frontdesk.models import Customer
from frontdesk.queries.complaints import complaints
from frontdesk.queries.customers import customers, matching
from frontdesk.queries.exports import CUSTOMERS
from frontdesk.queries.orders import orders
from frontdesk.views.asked import asked
from frontdesk.views.refusals import show_refusal
from officeflow.errors import Refused
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui import export
from officeflow.ui.paging import page_of

ORDER = ("name_key", "id")
SHOWN = 20


@require_safe
@requires(Permission.VIEW_DESK)
def customer_list(request: StaffRequest) -> HttpResponseBase:
    """Customers by name, or those whom `find` may mean."""
    text = asked(request, "find")
    rows = customers().filter(matching(text)) if text else customers()
    if kind := export.wanted(request):
        found = export.in_chunks(rows.select_related("merged_into"), ORDER)
        return export.respond(request, kind, name="customers", columns=CUSTOMERS, rows=found)
    context = {"page": page_of(request, rows, order=ORDER), "text": text}
    return render(request, "frontdesk/customers/list.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def customer_page(request: StaffRequest, number: str) -> HttpResponse:
    """One customer: how to reach them, their latest orders and complaints."""
    customer = _find(number)
    context = {
        "customer": customer,
        "orders": list(orders().filter(customer=customer).order_by("-id")[:SHOWN]),
        "complaints": list(complaints().filter(customer=customer).order_by("-id")[:SHOWN]),
    }
    return render(request, "frontdesk/customers/page.html", context)


def _find(number: str) -> Customer:
    return get_object_or_404(Customer, number=normalise(number))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_new(request: StaffRequest) -> HttpResponse:
    """Adds a customer."""
    form = CustomerForm(request.POST or None, initial={"name": asked(request, "name")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                customer = add_customer(actor=request.user, **form.cleaned_data)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("%(name)s is added.") % {"name": customer.name})
                return redirect("frontdesk:customer", number=customer.number)
    context = {"form": form, "cancel_url": reverse("frontdesk:customers")}
    return render(request, "frontdesk/customers/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_edit(request: StaffRequest, number: str) -> HttpResponse:
    """Edits a customer. When a colleague was faster, both values are shown and nothing is lost."""
    customer = _find(number)
    initial = {name: getattr(customer, name) for name in CustomerEditForm.base_fields}
    form = CustomerEditForm(request.POST or None, initial=initial)
    theirs: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_customer(actor=request.user, customer=customer, **form.cleaned_data)
            except StaleVersion as stale:
                status = 409
                theirs = _differences(form, stale.theirs)
                form.accept_version(stale.theirs.version)
                form.add_error(None, stale.message)
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("%(name)s is saved.") % {"name": customer.name})
                return redirect("frontdesk:customer", number=customer.number)
    context = {
        "form": form,
        "customer": customer,
        "theirs": theirs,
        "cancel_url": reverse("frontdesk:customer", args=[customer.number]),
    }
    return render(request, "frontdesk/customers/edit.html", context, status=status)


def _differences(form: CustomerEditForm, theirs: Customer) -> list[dict[str, Any]]:
    """The fields in which the form differs from the record as it stands now."""
    found = []
    for name, value in form.cleaned_data.items():
        if name == "version" or value == getattr(theirs, name):
            continue
        found.append({"label": form[name].label, "mine": value, "theirs": getattr(theirs, name)})
    return found
