"""Accounting's pages: invoices, one invoice, the journal, the accounts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from backoffice.accounting import queries
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui.paging import page_of


@requires(Permission.VIEW_BOOKS)
def invoices(request: StaffRequest) -> HttpResponse:
    """Invoices and credit notes, newest first: by state, or by number or customer."""
    shown, text = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "")
    page = page_of(request, queries.documents(shown, text), order=["-id"])
    tabs = [
        {
            "label": each.label,
            "url": _address("accounting:invoices", state=each.value, q=text),
            "current": each.value == shown,
        }
        for each in queries.Shown
    ]
    return render(
        request,
        "backoffice/accounting/invoices.html",
        {"page": page, "tabs": tabs, "shown": shown, "text": text},
    )


@requires(Permission.VIEW_BOOKS)
def invoice(request: StaffRequest, number: str) -> HttpResponse:
    """One invoice or credit note, as it is printed."""
    found = get_object_or_404(
        queries.documents().select_related("bill__site", "reverses"), number=number
    )
    return render(
        request,
        "backoffice/accounting/invoice.html",
        {
            "document": queries.document(found),
            "may_open_order": request.user.may(Permission.VIEW_DESK),
        },
    )


@requires(Permission.VIEW_BOOKS)
def journal(request: StaffRequest) -> HttpResponse:
    """Entries with their postings, newest first, and the sums of all that the filter finds."""
    text = request.GET.get("document", "").replace("\x00", "")
    page = page_of(request, queries.journal(text), order=["-id"], cursor="handoff_id")
    return render(
        request,
        "backoffice/accounting/journal.html",
        {"page": page, "totals": queries.journal_totals(text), "text": text},
    )


@requires(Permission.VIEW_BOOKS)
def accounts(request: StaffRequest) -> HttpResponse:
    """The trial balance."""
    return render(
        request,
        "backoffice/accounting/accounts.html",
        {"lines": queries.trial_balance(), "totals": queries.journal_totals()},
    )


def _address(name: str, **values: str) -> str:
    query = urlencode({key: value for key, value in values.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)
