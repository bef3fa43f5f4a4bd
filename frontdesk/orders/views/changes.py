"""Doing something with an order: taking money, handing over, cancelling, paying back."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.forms.changes import PaymentForm, ReasonForm, RefundForm
from frontdesk.orders.actions import can_cancel, can_hand_over, cancel_order, hand_over_order
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import refunds
from frontdesk.orders.views.orders import find_order
from frontdesk.payments.actions.payments import (
    can_take_payment,
    open_amount,
    pay_refund,
    take_payment,
)
from frontdesk.payments.models.methods import PaymentMethod
from frontdesk.states import FulfilmentState
from officeflow.errors import Conflict, Refused
from officeflow.money import ZERO, format_money, quantise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.permissions import Permission
from officeflow.ui.forms import show_refusal
from officeflow.ui.numbers import read_decimal

any_form = require_http_methods(["GET", "HEAD", "POST"])


def _back(order: Order) -> str:
    return reverse("frontdesk:order", args=[order.number])


@any_form
@requires(Permission.TAKE_PAYMENT)
def order_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Takes a payment, in full or in part. With cash the change to give back is said."""
    order = find_order(number)
    initial = {"amount": quantise(open_amount(order), order.currency)}
    form = PaymentForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _pay(request, order, form):
            return redirect(_back(order))
        status = 422
    elif not can_take_payment(order):
        messages.info(request, _("Nothing is to be paid for this order."))
        return redirect(_back(order))
    context = {"order": order, "form": form, "open": open_amount(order), "cancel_url": _back(order)}
    return render(request, "frontdesk/orders/pay.html", context, status=status)


def _pay(request: StaffRequest, order: Order, form: PaymentForm) -> bool:
    data = form.cleaned_data
    amount: Decimal = data["amount"]
    try:
        outcome = form.act_once(
            actor=request.user,
            endpoint="desk.order-pay",
            body={"order": order.number, "amount": str(amount.normalize()), "by": data["method"]},
            effect=lambda: {
                "number": take_payment(
                    actor=request.user, order=order, amount=amount, method=data["method"]
                ).number
            },
            reused=_("Another payment was taken from this page. Check, then try again."),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return False
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return True
    if not outcome.replayed:
        messages.success(request, _thanks(order, amount, form.chosen, data["given"]))
    return True


def _thanks(order: Order, amount: Decimal, method: PaymentMethod, given: Decimal | None) -> str:
    words = _("Took %(amount)s: %(method)s.") % {
        "amount": format_money(amount, order.currency),
        "method": method.title,
    }
    if given is not None and given > amount:
        change = format_money(given - amount, order.currency)
        words += " " + _("Give back %(change)s.") % {"change": change}
    return words


@require_POST
@requires(Permission.TAKE_PAYMENT)
def order_change(request: StaffRequest, number: str) -> HttpResponse:
    """The change for the cash given, as one types."""
    order = find_order(number)
    change = None
    try:
        given = read_decimal(request.POST.get("given", ""))
        change = given - read_decimal(request.POST.get("amount", ""))
    except ValueError:
        pass
    short = -change if change is not None and change < ZERO else None
    return render(
        request,
        "frontdesk/orders/change.html",
        {"order": order, "change": None if short else change, "short": short},
    )


@any_form
@requires(Permission.HAND_OVER)
def order_hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """Confirms that the customer took the goods. What is still open is said first."""
    order = find_order(number)
    if request.method == "POST":
        try:
            hand_over_order(actor=request.user, order=order)
            messages.success(request, _("%(number)s is handed over.") % {"number": order.number})
        except Conflict as conflict:
            messages.warning(request, conflict.message)
        return redirect(_back(order))
    if not can_hand_over(order):
        messages.info(request, _("This order is not ready to be handed over."))
        return redirect(_back(order))
    context = {"order": order, "open": open_amount(order), "cancel_url": _back(order)}
    return render(request, "frontdesk/orders/hand_over.html", context)


@any_form
@requires(Permission.CANCEL_ORDER)
def order_cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Cancels with a reason, after saying what follows from it."""
    order = find_order(number)
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                cancel_order(actor=request.user, order=order, reason=form.cleaned_data["reason"])
                messages.success(request, _("%(number)s is cancelled.") % {"number": order.number})
                return redirect(_back(order))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_back(order))
    elif not can_cancel(order):
        messages.info(request, _("This order cannot be cancelled any more."))
        return redirect(_back(order))
    work_done = order.fulfilment_state not in (FulfilmentState.NONE, FulfilmentState.WAITING)
    context = {"order": order, "form": form, "work_done": work_done, "cancel_url": _back(order)}
    return render(request, "frontdesk/orders/cancel.html", context, status=status)


@any_form
@requires(Permission.PAY_REFUND)
def refund_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Gives back what is due. Of two people at once, one pays and the other is told who did."""
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
                messages.success(request, _("Paid back %(amount)s.") % {"amount": amount})
            except Conflict as conflict:
                messages.warning(request, conflict.message)
            return redirect(_back(order))
    elif refund.paid_at is not None:
        messages.info(request, _("%(name)s has paid this back already.") % {"name": refund.paid_by})
        return redirect(_back(order))
    context = {"refund": refund, "order": order, "form": form, "cancel_url": _back(order)}
    return render(request, "frontdesk/orders/refund.html", context, status=status)
