"""Taking a payment and paying a refund."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import order_with_parts
from frontdesk.payments.actions.payments import (
    can_take_payment,
    open_amount,
    pay_refund,
    take_payment,
)
from frontdesk.payments.forms import PaymentForm, RefundForm
from frontdesk.payments.models.methods import PaymentMethod
from frontdesk.payments.queries.payments import refunds
from officeflow.errors import Conflict, Refused
from officeflow.money import ZERO, format_money
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.numbers import read_decimal

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _find_order(number: str) -> Order:
    return get_object_or_404(order_with_parts(), number=normalise(number))


def _order_url(order: Order) -> str:
    return reverse("frontdesk:order", args=[order.number])


@get_or_post
@requires(Permission.TAKE_PAYMENT)
def order_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Takes a full or part payment; the message tells the change for cash."""
    order = _find_order(number)
    initial = {"amount": open_amount(order)}
    form = PaymentForm(request.POST or None, currency=order.currency, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _pay(request, order, form):
            return redirect(_order_url(order))
        status = 422
    elif not can_take_payment(order):
        messages.info(request, _("There is nothing to pay for this order."))
        return redirect(_order_url(order))
    context = {
        "order": order,
        "form": form,
        "open": open_amount(order),
        "warning": customer_warning(order.customer),
        "cancel_url": _order_url(order),
    }
    return render(request, "frontdesk/payments/pay.html", context, status=status)


def _pay(request: StaffRequest, order: Order, form: PaymentForm) -> bool:
    data = form.cleaned_data
    amount: Decimal = data["amount"]
    try:
        outcome = form.run_once(
            actor=request.user,
            endpoint="desk.order-pay",
            body={"order": order.number, "amount": str(amount.normalize()), "by": data["method"]},
            effect=lambda: {
                "number": take_payment(
                    actor=request.user, order=order, amount=amount, method=data["method"]
                ).number
            },
            reused=_(
                "You have already taken a different payment from this page. Check the order, "
                "then try again."
            ),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return False
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return True
    if not outcome.replayed:
        messages.success(request, _payment_message(order, amount, form.chosen, data["given"]))
    return True


def _payment_message(
    order: Order, amount: Decimal, method: PaymentMethod, given: Decimal | None
) -> str:
    words = _("Payment of %(amount)s taken (%(method)s).") % {
        "amount": format_money(amount, order.currency),
        "method": method.title,
    }
    if given is not None and given > amount:
        change = format_money(given - amount, order.currency)
        words += " " + _("Give %(change)s change.") % {"change": change}
    return words


@require_POST
@requires(Permission.TAKE_PAYMENT)
def order_change(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the change for the cash given, while the amounts are typed."""
    order = _find_order(number)
    change = None
    try:
        given = read_decimal(request.POST.get("given", ""))
        change = given - read_decimal(request.POST.get("amount", ""))
    except ValueError:
        pass
    short = -change if change is not None and change < ZERO else None
    return render(
        request,
        "frontdesk/payments/change.html",
        {"order": order, "change": None if short else change, "short": short},
    )


@get_or_post
@requires(Permission.PAY_REFUND)
def refund_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Pays a refund. Of two people at once, the second sees who has paid it."""
    refund = get_object_or_404(refunds(), number=number)
    order = refund.order
    last = order.payments.last()
    form = RefundForm(request.POST or None, initial={"method": last.method if last else ""})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                pay_refund(actor=request.user, refund=refund, method=form.cleaned_data["method"])
                amount = format_money(refund.amount, order.currency)
                messages.success(request, _("Refund of %(amount)s paid.") % {"amount": amount})
            except Conflict as conflict:
                messages.warning(request, conflict.message)
            return redirect(_order_url(order))
    elif refund.paid_at is not None:
        messages.info(
            request, _("%(name)s has already paid this refund.") % {"name": refund.paid_by}
        )
        return redirect(_order_url(order))
    context = {"refund": refund, "order": order, "form": form, "cancel_url": _order_url(order)}
    return render(request, "frontdesk/payments/refund.html", context, status=status)
