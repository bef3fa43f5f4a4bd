"""Changing a customer: notes, contacts, deactivating and merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.counter.customer_statistics import customer_statistics
from frontdesk.customers.actions.contacts import add_contact, add_note, remove_contact
from frontdesk.customers.actions.customers import change_customer
from frontdesk.customers.actions.merge import merge_customers
from frontdesk.customers.forms import ContactForm, CustomerNoteForm, MergeForm
from frontdesk.customers.models import ContactKind, Customer, CustomerContact
from frontdesk.customers.queries.contacts import contacts_of
from frontdesk.customers.queries.customers import customer_by_number, customer_named_exactly
from frontdesk.customers.queries.duplicates import candidates
from frontdesk.customers.views.customers import find_customer, page_context
from frontdesk.draft_forms import CUSTOMER_NOTE
from officeflow.company.queries import get_office
from officeflow.drafts.pages import page_draft
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.query_parameters import query_parameter


@require_POST
@requires(Permission.EDIT_CUSTOMER)
def customer_note(request: StaffRequest, number: str) -> HttpResponse:
    """Adds a note, once for each form."""
    customer = find_customer(number)
    form = CustomerNoteForm(request.POST)
    draft = page_draft(request, CUSTOMER_NOTE, customer.number)
    if form.is_valid():
        text = form.cleaned_data["text"]

        def effect() -> dict[str, int]:
            note = add_note(actor=request.user, customer=customer, text=text)
            draft.end()
            return {"note": note.pk}

        try:
            form.run_once(
                actor=request.user,
                endpoint=f"desk.customer-note {customer.number}",
                body=text,
                effect=effect,
                reused=_("Press the button again to add this note as well."),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The note is added."))
            return redirect("frontdesk:customer", number=customer.number)
    context = page_context(request, customer, form, draft)
    return render(request, "frontdesk/customers/page.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def contact_new(request: StaffRequest, number: str) -> HttpResponse:
    """Adds a phone, an e-mail address or a person."""
    customer = find_customer(number)
    form = ContactForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {**form.cleaned_data, "kind": ContactKind(form.cleaned_data["kind"])}
            try:
                add_contact(actor=request.user, customer=customer, **values)
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                status = 409
                form.add_error("value", conflict.message)
            else:
                messages.success(request, _("The contact is added."))
                return redirect("frontdesk:customer", number=customer.number)
    return render(
        request, "frontdesk/customers/contact.html", {"form": form, **_of(customer)}, status=status
    )


@require_POST
@requires(Permission.EDIT_CUSTOMER)
def contact_remove(request: StaffRequest, number: str) -> HttpResponse:
    """Removes a contact."""
    customer = find_customer(number)
    wanted = request.POST.get("contact", "")
    pk = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else 0
    contact = get_object_or_404(CustomerContact, pk=pk, customer=customer)
    try:
        remove_contact(actor=request.user, contact=contact)
    except Conflict as conflict:
        messages.info(request, conflict.message)
    else:
        messages.success(request, _("%(contact)s is removed.") % {"contact": contact.value})
    return redirect("frontdesk:customer", number=customer.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_active(request: StaffRequest, number: str) -> HttpResponse:
    """Deactivates a customer, who then cannot be chosen for orders, or reactivates one."""
    customer = find_customer(number)
    context = _of(customer)
    if request.method != "POST":
        return render(request, "frontdesk/customers/active.html", context)
    wanted = request.POST.get("is_active", "")
    version = request.POST.get("version", "")
    try:
        change_customer(
            actor=request.user,
            customer=customer,
            version=int(version) if version.isascii() and version.isdecimal() else 0,
            is_active=wanted == "1",
        )
    except StaleRecord as stale:
        context = {**_of(stale.theirs), "conflict": stale.message}
        return render(request, "frontdesk/customers/active.html", context, status=409)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        words = _("%(name)s is active again.") if wanted == "1" else _("%(name)s is deactivated.")
        messages.success(request, words % {"name": customer.name})
    return redirect("frontdesk:customer", number=customer.number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_CUSTOMER)
def customer_merge(request: StaffRequest, number: str) -> HttpResponse:
    """Merges two records: first chooses the other record, then compares and confirms."""
    customer = find_customer(number)
    form = MergeForm(request.POST or None)
    if request.method == "POST":
        wanted = request.POST.get("other", "")
    else:
        wanted = query_parameter(request, "with") or query_parameter(request, "with_text")
    other = (customer_by_number(wanted) or customer_named_exactly(wanted)) if wanted else None
    if other is None or other.pk == customer.pk:
        return _choose_other(request, customer, wanted)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        kept = other if form.cleaned_data["keep"] == other.number else customer
        gone = customer if kept is other else other
        sent = dict(
            zip((customer.pk, other.pk), _versions(form.cleaned_data["versions"]), strict=True)
        )
        try:
            merge_customers(
                actor=request.user,
                keep=kept,
                other=gone,
                keep_version=sent[kept.pk],
                other_version=sent[gone.pk],
            )
        except (Conflict, Refused) as refused:
            conflict = str(refused.message)
        else:
            messages.success(
                request,
                _("%(old)s is merged into %(new)s.") % {"old": gone.number, "new": kept.number},
            )
            return redirect("frontdesk:customer", number=kept.number)
    return _confirm_merge(request, customer, other, conflict)


def _versions(text: str) -> tuple[int, int]:
    """Returns the versions of both records in a sent form; -1 for a malformed text."""
    parts = text.split(".")
    if len(parts) == 2 and all(part.isascii() and part.isdecimal() for part in parts):
        return int(parts[0]), int(parts[1])
    return -1, -1


def _choose_other(request: StaffRequest, customer: Customer, wanted: str) -> HttpResponse:
    alike = candidates(
        name=customer.name, phone=customer.phone, email=customer.email, excluded=[customer.pk]
    )
    context = {
        **_of(customer),
        "duplicates": alike,
        "lookup_url": reverse("frontdesk:lookup-customers"),
        "wanted": wanted,
        "wrong": _("Choose a different record from the list.") if wanted else "",
    }
    status = 422 if wanted else 200
    return render(request, "frontdesk/customers/merge_choose.html", context, status=status)


def _confirm_merge(
    request: StaffRequest, customer: Customer, other: Customer, conflict: str
) -> HttpResponse:
    currency = get_office().currency
    sides = [
        {
            "customer": each,
            "figures": customer_statistics(each, currency),
            "contacts": contacts_of(each),
        }
        for each in (customer, other)
    ]
    # The record with more orders is suggested.
    most = max(sides, key=lambda side: (side["figures"].orders, -side["customer"].pk))  # type: ignore[attr-defined]
    context = {
        **_of(customer),
        "other": other,
        "sides": sides,
        "keep": most["customer"],
        "versions": f"{customer.version}.{other.version}",
        "conflict": conflict,
    }
    status = 409 if conflict else 200
    return render(request, "frontdesk/customers/merge.html", context, status=status)


def _of(customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "cancel_url": reverse("frontdesk:customer", args=[customer.number]),
    }
