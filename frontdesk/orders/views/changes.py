"""Handing an order over, and cancelling it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.draft_forms import CANCEL
from frontdesk.orders.actions import can_cancel, can_hand_over, cancel_order, hand_over_order
from frontdesk.orders.forms import CancelForm
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState
from frontdesk.orders.views.orders import find_order
from officeflow.drafts.pages import page_draft
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _order_url(order: Order) -> str:
    return reverse("frontdesk:order", args=[order.number])


@get_or_post
@requires(Permission.HAND_OVER)
def order_hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """Shows what is still to be paid, then hands the goods over."""
    order = find_order(number)
    if request.method == "POST":
        try:
            hand_over_order(actor=request.user, order=order)
            messages.success(request, _("%(number)s is handed over.") % {"number": order.number})
        except Conflict as conflict:
            messages.warning(request, conflict.message)
        return redirect(_order_url(order))
    if not can_hand_over(order):
        messages.info(request, _("This order is not ready to be handed over."))
        return redirect(_order_url(order))
    context = {"order": order, "open": order.open_amount, "cancel_url": _order_url(order)}
    return render(request, "frontdesk/orders/hand_over.html", context)


@get_or_post
@requires(Permission.CANCEL_ORDER)
def order_cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Shows what follows from cancelling, then cancels the order with a reason."""
    order = find_order(number)
    draft = page_draft(request, CANCEL, order.number)
    form = CancelForm(request.POST or None, initial=draft.initial())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                with draft.sending():
                    cancel_order(actor=request.user, order=order, reason=reason)
                messages.success(request, _("%(number)s is cancelled.") % {"number": order.number})
                return redirect(_order_url(order))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_order_url(order))
    elif not can_cancel(order):
        messages.info(request, _("This order can no longer be cancelled."))
        return redirect(_order_url(order))
    work_done = order.fulfilment_state not in (FulfilmentState.NONE, FulfilmentState.WAITING)
    context = {
        "order": order,
        "form": form,
        "draft": draft,
        "work_done": work_done,
        "cancel_url": _order_url(order),
    }
    return render(request, "frontdesk/orders/cancel.html", context, status=status)
