"""Taking a payment, correcting its method, and paying a refund."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import orders, with_parts
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import (
    can_take_payment,
    pay_refund,
    take_payment,
)
from frontdesk.payments.cash import likely_cash
from frontdesk.payments.forms import CorrectionForm, PaymentForm, RefundForm
from frontdesk.payments.models.methods import MethodKind
from frontdesk.payments.models.payments import Payment
from frontdesk.payments.queries.payments import (
    payment_with_order,
    payments_before,
    refund_of,
    refunds,
)
from frontdesk.payments.queries.takings import count_on_day_of
from officeflow.company.models import Site
from officeflow.company.working_site import working_site
from officeflow.errors import Conflict, Refused
from officeflow.formats.reading import read_number
from officeflow.money import ZERO, format_money
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _find_order(number: str) -> Order:
    return with_parts(get_object_or_404(orders(), number=normalise(number)))


def _order_url(order: Order) -> str:
    return reverse("frontdesk:order", args=[order.number])


def _other_than_only(site: Site) -> Site | None:
    """Returns the site whose drawer a page names; None while it is the only one in use."""
    return site if Site.objects.filter(is_active=True).exclude(pk=site.pk).exists() else None


def _drawer_site(request: StaffRequest) -> Site | None:
    """Returns the site at which this browser works, if there are others."""
    return _other_than_only(working_site(request))


def _go_to(request: StaffRequest, url: str) -> HttpResponse:
    """Redirects the page, also from the side panel."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@get_or_post
@requires(Permission.TAKE_PAYMENT)
def order_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Takes a full or part payment, in the side panel of the order's page or on its own page."""
    order = _find_order(number)
    initial = {"amount": order.open_amount}
    form = PaymentForm(request.POST or None, currency=order.currency, initial=initial)
    status = 200
    if request.method == "POST":
        url = _pay(request, order, form) if form.is_valid() else ""
        if url:
            return _go_to(request, url)
        status = 422
    elif not can_take_payment(order):
        messages.info(request, _("There is nothing to pay for this order."))
        return _go_to(request, _order_url(order))
    context = {
        "order": order,
        "form": form,
        "open": order.open_amount,
        "warning": customer_warning(order.customer),
        "cancel_url": _order_url(order),
        "is_panel": bool(request.htmx),
        "drawer_site": _drawer_site(request),
        **_cash(order, form),
    }
    template = "pay_form" if request.htmx else "pay"
    return render(request, f"frontdesk/payments/{template}.html", context, status=status)


def _pay(request: StaffRequest, order: Order, form: PaymentForm) -> str:
    """Returns the address that shows the payment, or "" when it was refused."""
    data = form.cleaned_data
    amount: Decimal = data["amount"]
    given: Decimal | None = data["cash_given"]
    try:
        outcome = form.run_once(
            actor=request.user,
            endpoint="desk.order-pay",
            body={
                "order": order.number,
                "amount": str(amount.normalize()),
                "by": data["method"],
                "given": str(given.normalize()) if given is not None else "",
            },
            effect=lambda: {
                "number": take_payment(
                    actor=request.user,
                    order=order,
                    amount=amount,
                    method=data["method"],
                    cash_given=given,
                    site=working_site(request),
                ).number
            },
            reused=_(
                "You have already taken a different payment from this page. Check the order, "
                "then try again."
            ),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return ""
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return _order_url(order)
    return f"{_order_url(order)}?paid={outcome.result['number']}"


@require_POST
@requires(Permission.TAKE_PAYMENT)
def order_change(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the change, likely amounts of cash and what the button does, while one types."""
    order = _find_order(number)
    form = PaymentForm(request.POST, currency=order.currency)
    context = {"order": order, "form": form, "is_change": True, **_cash(order, form)}
    return render(request, "frontdesk/payments/change.html", context)


def _cash(order: Order, form: PaymentForm) -> dict[str, Any]:
    """Returns what follows from the values of a payment's form, as far as they are numbers."""
    amount, given = (_number(form[name].value()) for name in ("amount", "cash_given"))
    method = form.methods.get(str(form["method"].value()))
    is_cash = method is not None and method.kind == MethodKind.CASH
    change = given - amount if given is not None and amount is not None else None
    field = form.fields["cash_given"]
    return {
        "pays": amount if amount is not None and amount > ZERO else None,
        "method": method,
        "is_cash": is_cash,
        "change": change if is_cash and change is not None and change >= ZERO else None,
        "short": -change if is_cash and change is not None and change < ZERO else None,
        "likely": [
            {"value": field.prepare_value(each), "amount": each}
            for each in likely_cash(amount, order.currency)
        ]
        if is_cash and amount is not None and ZERO < amount <= order.gross
        else [],
    }


def _number(text: Any) -> Decimal | None:
    try:
        return read_number(str(text or ""))
    except ValueError:
        return None


@get_or_post
@requires(Permission.CORRECT_PAYMENT)
def payment_correct(request: StaffRequest, number: str) -> HttpResponse:
    """Corrects how a payment was made. Of two people at once, the second sees what became of it."""
    payment = get_object_or_404(payment_with_order(), number=normalise(number))
    order = payment.order
    url = reverse("frontdesk:payment", args=[payment.number])
    form = CorrectionForm(request.POST or None, payment=payment)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _correct(request, payment, form):
            return redirect(url)
    elif refund_of(payment) is not None:
        messages.info(
            request, _("This payment was paid back, so its method cannot be corrected any more.")
        )
        return redirect(url)
    context = {
        "payment": payment,
        "order": order,
        "form": form,
        "enter_moves": True,
        "drawer_site": _other_than_only(payment.site or order.site),
        "count": count_on_day_of(payment),
        "cancel_url": url,
    }
    return render(request, "frontdesk/payments/correct.html", context, status=status)


def _correct(request: StaffRequest, payment: Payment, form: CorrectionForm) -> bool:
    """Corrects the payment once for each form; False when the form is to be shown again."""
    data = form.cleaned_data
    try:
        form.run_once(
            actor=request.user,
            endpoint="desk.payment-correct",
            body={
                "payment": payment.number,
                **{name: data[name] for name in ("from_method", "method")},
            },
            effect=lambda: {
                "id": correct_payment_method(
                    actor=request.user,
                    payment=payment,
                    from_method=data["from_method"],
                    method=data["method"],
                    reason=data["reason"],
                ).pk
            },
            reused=_("You have already corrected this payment from this page. Check it first."),
        )
    except Refused as refused:
        show_refusal(form, refused)
        return False
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return True
    messages.success(
        request,
        _("%(number)s is recorded as %(method)s.")
        % {"number": payment.number, "method": form.chosen.title},
    )
    return True


@get_or_post
@requires(Permission.PAY_REFUND)
def refund_pay(request: StaffRequest, number: str) -> HttpResponse:
    """Pays a refund. Of two people at once, the second sees who has paid it."""
    refund = get_object_or_404(refunds(), number=number)
    order = refund.order
    payments = payments_before(refund)
    methods = {payment.method for payment in payments}
    initial = {"method": methods.pop() if len(methods) == 1 else ""}
    form = RefundForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                pay_refund(
                    actor=request.user,
                    refund=refund,
                    method=form.cleaned_data["method"],
                    site=working_site(request),
                )
                amount = format_money(refund.amount, order.currency)
                messages.success(request, _("Refund of %(amount)s paid.") % {"amount": amount})
                return redirect(_order_url(order))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_order_url(order))
    elif refund.paid_at is not None:
        messages.info(
            request, _("%(name)s has already paid this refund.") % {"name": refund.paid_by}
        )
        return redirect(_order_url(order))
    context = {
        "refund": refund,
        "order": order,
        "payments": payments,
        "drawer_site": _drawer_site(request),
        "form": form,
        "enter_moves": True,
        "cancel_url": _order_url(order),
    }
    return render(request, "frontdesk/payments/refund.html", context, status=status)
