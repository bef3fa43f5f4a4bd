"""Handing an order over, and cancelling it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontdesk.draft_forms import CANCEL
from frontdesk.orders.actions.cancel import can_cancel, cancel_order
from frontdesk.orders.actions.hand_over import (
    can_hand_over,
    hand_over_order,
    tell_not_ready,
    undo_hand_over,
)
from frontdesk.orders.actions.rush import ask_for_rush, can_ask_for_rush
from frontdesk.orders.forms import CancelForm, RushForm
from frontdesk.orders.models import Order
from frontdesk.orders.states import FulfilmentState
from frontdesk.orders.views.orders import find_order
from frontdesk.undo import confirm_with_undo
from officeflow.drafts.pages import page_draft
from officeflow.errors import Conflict, Refused
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.undo import end_undo

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
            confirm_with_undo(
                request,
                _("%(number)s is handed over.") % {"number": order.number},
                reverse("frontdesk:order-undo-hand-over", args=[order.number]),
            )
        except Conflict as conflict:
            messages.warning(request, conflict.message)
        return redirect(_order_url(order))
    if not can_hand_over(order):
        messages.info(request, _("This order is not ready to be handed over."))
        return redirect(_order_url(order))
    context = {"order": order, "open": order.open_amount, "cancel_url": _order_url(order)}
    return render(request, "frontdesk/orders/hand_over.html", context)


@require_POST
@requires(Permission.HAND_OVER)
def order_undo_hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """Takes the hand-over back by Undo."""
    order = find_order(number)
    try:
        undo_hand_over(actor=request.user, order=order)
        messages.success(
            request, _("Undone: the goods of %(number)s are at the counter.") % {"number": number}
        )
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    end_undo(request)
    return redirect(_order_url(order))


@require_POST
@requires(Permission.VIEW_DESK)
def order_not_ready(request: StaffRequest, number: str) -> HttpResponse:
    """Tells the customer that the goods are not ready after all."""
    order = find_order(number)
    try:
        message = tell_not_ready(actor=request.user, order=order)
        confirm_with_undo(
            request,
            _("The customer is told that the order is not ready yet."),
            reverse("mail:message-withdraw", args=[message.number]),
        )
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    return redirect(_order_url(order))


@get_or_post
@requires(Permission.PLACE_ORDER)
def order_rush(request: StaffRequest, number: str) -> HttpResponse:
    """Asks fulfilment for a rush, with a reason."""
    order = find_order(number)
    form = RushForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ask_for_rush(actor=request.user, order=order, reason=form.cleaned_data["reason"])
                messages.success(request, _("Fulfilment has your request. Wait for the answer."))
                return redirect(_order_url(order))
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(_order_url(order))
    elif not can_ask_for_rush(order):
        messages.info(request, _("A rush cannot be asked for now."))
        return redirect(_order_url(order))
    context = {"order": order, "form": form, "cancel_url": _order_url(order)}
    return render(request, "frontdesk/orders/rush.html", context, status=status)


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
