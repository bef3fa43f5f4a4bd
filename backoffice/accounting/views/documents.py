"""The list of invoices and credit notes, a document's page, and its PDF."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from backoffice.accounting import exports, queries
from backoffice.accounting.actions import keep_file
from backoffice.accounting.views.query_parameters import address
from officeflow.documents.stored import pdf_response
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import choice_parameter, query_parameter


@requires(Permission.VIEW_BOOKS)
def invoices(request: StaffRequest) -> HttpResponseBase:
    """Lists invoices and credit notes, newest first."""
    shown = choice_parameter(request, "state", queries.DocumentTab.values)
    text = query_parameter(request, "q")
    if kind := export.wanted(request):
        found = queries.documents(shown, text)
        return export.respond(
            request,
            kind,
            name="invoices",
            columns=exports.invoice_columns(found),
            rows=export.in_chunks(found.prefetch_related("lines"), ["-id"]),
            plain=("state",),
        )
    page = page_of(request, queries.documents(shown, text), order=["-id"])
    tabs = [
        {
            "label": each.label,
            "url": address("accounting:invoices", state=each.value, q=text),
            "current": each.value == shown,
        }
        for each in queries.DocumentTab
    ]
    return render(
        request,
        "backoffice/accounting/invoices.html",
        {"page": page, "tabs": tabs, "shown": shown, "text": text},
    )


@requires(Permission.VIEW_BOOKS)
def invoice(request: StaffRequest, number: str) -> HttpResponse:
    """Shows an invoice or credit note."""
    found = get_object_or_404(
        queries.documents().select_related("receivable__site", "reverses"), number=number
    )
    return render(
        request,
        "backoffice/accounting/invoice.html",
        {
            "document": queries.document_details(found),
            "may_open_order": request.user.may(Permission.VIEW_DESK),
        },
    )


@requires(Permission.VIEW_BOOKS, Permission.PRINT_INVOICE)
def invoice_pdf(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the document as PDF, as it was issued."""
    found = get_object_or_404(
        queries.documents().select_related("receivable__site", "reverses"), number=number
    )
    return pdf_response(keep_file(document=found).content, found.number)
