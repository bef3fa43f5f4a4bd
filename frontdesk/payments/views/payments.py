"""The list of payments and refunds, and their receipts as pages and PDF."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from frontdesk.orders.models import Order
from frontdesk.payments import documents
from frontdesk.payments.actions.receipts import kept_receipt
from frontdesk.payments.exports import PAYMENTS, REFUNDS
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.queries import payments
from officeflow.company.queries import get_office
from officeflow.documents.receipt import ReceiptDocument
from officeflow.documents.stored import pdf_response
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.paging import page_of
from officeflow.ui.tabs import tabs_of

SEE_MONEY = (Permission.VIEW_DESK, Permission.VIEW_TAKINGS)


def takings_owner(user: User) -> User | None:
    """Returns whose payments the user may see: the user, or None for everybody's."""
    return None if user.may(Permission.VIEW_TAKINGS) else user


@require_safe
@requires(*SEE_MONEY)
def money_list(request: StaffRequest) -> HttpResponseBase:
    """Lists payments or refunds: the user's own, or everybody's with the permission."""
    tab = request.GET.get("show", "taken")
    if tab not in payments.MONEY_TABS:
        raise Http404
    of = takings_owner(request.user)
    kind = export.wanted(request)
    context = {
        "tab": tab,
        "tabs": tabs_of(request, payments.MONEY_TABS, tab),
        "own": of is not None,
    }
    if tab == "refunds":
        refunds = payments.refunds(of=of)
        if kind:
            return export.respond(
                request,
                kind,
                name="refunds",
                columns=REFUNDS,
                rows=export.in_chunks(refunds, payments.REFUND_ORDER),
                plain=("show",),
            )
        page = page_of(request, refunds, order=payments.REFUND_ORDER)
        return render(request, "frontdesk/payments/list.html", {**context, "page": page})
    taken = payments.payments(of=of)
    if kind:
        return export.respond(
            request,
            kind,
            name="payments",
            columns=PAYMENTS,
            rows=export.in_chunks(taken, payments.PAYMENT_ORDER),
            plain=("show",),
        )
    paid = page_of(request, taken, order=payments.PAYMENT_ORDER)
    return render(request, "frontdesk/payments/list.html", {**context, "page": paid})


def find_payment(number: str) -> Payment:
    """Returns the payment with everything that its receipt shows, or raises 404."""
    return get_object_or_404(payments.payment_with_order(), number=normalise(number))


def find_refund(number: str) -> Refund:
    """Returns the paid refund with everything that its receipt shows, or raises 404."""
    return get_object_or_404(payments.refund_with_order(), number=normalise(number))


@require_safe
@requires(*SEE_MONEY)
def payment_page(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the receipt of a payment."""
    payment = find_payment(number)
    document = documents.receipt(
        payment, order=payment.order, office=get_office(), paid=payments.paid_up_to(payment)
    )
    pdf_url = reverse("frontdesk:payment-pdf", args=[payment.number])
    may_correct = (
        request.user.may(Permission.CORRECT_PAYMENT) and payments.refund_of(payment) is None
    )
    correct_url = reverse("frontdesk:payment-correct", args=[payment.number]) if may_correct else ""
    return _page(
        request, document, payment.order, pdf_url, payment=payment, correct_url=correct_url
    )


@require_safe
@requires(*SEE_MONEY)
def refund_page(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the receipt of a refund."""
    refund = find_refund(number)
    document = documents.refund_receipt(refund, order=refund.order, office=get_office())
    return _page(request, document, refund.order, reverse("frontdesk:refund-pdf", args=[number]))


def _page(
    request: StaffRequest,
    document: ReceiptDocument,
    order: Order,
    pdf_url: str,
    *,
    payment: Payment | None = None,
    correct_url: str = "",
) -> HttpResponse:
    context = {
        "payment": payment,
        "correct_url": correct_url,
        "document": document,
        "order": order,
        "pdf_url": pdf_url,
        "may_open_order": request.user.may(Permission.VIEW_DESK),
    }
    return render(request, "frontdesk/payments/receipt.html", context)


@require_safe
@requires(*SEE_MONEY)
def payment_pdf(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the receipt of a payment as PDF."""
    return receipt_pdf(find_payment(number))


@require_safe
@requires(*SEE_MONEY)
def refund_pdf(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the receipt of a refund as PDF."""
    return receipt_pdf(find_refund(number))


def receipt_pdf(row: Payment | Refund) -> HttpResponse:
    """Returns the receipt of a payment or refund as it was issued."""
    return pdf_response(kept_receipt(row).content, row.number)
