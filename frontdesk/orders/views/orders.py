"""The list of orders and an order's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from frontdesk.customers.queries.warnings import customer_warning
from frontdesk.notifications.actions import mark_desk_notifications_read
from frontdesk.orders.available_actions import order_actions
from frontdesk.orders.exports import ORDERS
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import ORDER, ORDER_TABS, orders, orders_in, with_parts
from frontdesk.orders.rows import rows_of
from frontdesk.payments.models.payments import Payment
from frontdesk.timelines.orders import order_timeline
from frontdesk.timelines.versions import order_version
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import query_parameter
from officeflow.ui.tabs import tabs_of


@require_safe
@requires(Permission.VIEW_DESK)
def order_list(request: StaffRequest) -> HttpResponseBase:
    """Lists the orders of a tab, newest first."""
    tab = request.GET.get("show", "all")
    if tab not in ORDER_TABS:
        raise Http404
    found = orders_in(tab)
    if kind := export.wanted(request):
        rows = export.in_chunks(found, ORDER)
        return export.respond(
            request, kind, name="orders", columns=ORDERS, rows=rows, plain=("show",)
        )
    shown = found.select_related(None).select_related("customer")
    page = page_of(request, shown, order=ORDER)
    context = {
        "page": page,
        "rows": rows_of(page.rows),
        "tabs": tabs_of(request, ORDER_TABS, tab),
        "tab": tab,
    }
    return render(request, "frontdesk/orders/list.html", context)


def find_order(number: str) -> Order:
    """Returns the order with everything that its page shows, or raises 404."""
    return with_parts(get_object_or_404(orders(), number=normalise(number)))


def _live_context(request: StaffRequest, order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "actions": order_actions(request.user, order),
        "timeline": order_timeline(order)[::-1],
        "warning": customer_warning(order.customer),
    }


def _version(request: StaffRequest, number: str) -> str:
    held = sorted(request.user.held_permissions)
    return entity_tag("order", number, *order_version(number), *held)


@require_safe
@requires(Permission.VIEW_DESK)
def order_page(request: StaffRequest, number: str) -> HttpResponse:
    """Shows an order with its states, lines, payments and timeline."""
    # The version is read first, so that a change in between leads to a refresh.
    version = _version(request, normalise(number))
    order = find_order(number)
    mark_desk_notifications_read(actor=request.user, subject=order.number)
    context = {
        "version": version,
        "taken": _taken(order, query_parameter(request, "paid")),
        **_live_context(request, order),
    }
    return render(request, "frontdesk/orders/page.html", context)


def _taken(order: Order, number: str) -> Payment | None:
    """Returns the payment of the order with a number: the one that was taken just now."""
    return next((each for each in order.payments.all() if each.number == number), None)


@require_safe
@requires(Permission.VIEW_DESK)
def order_live(request: StaffRequest, number: str) -> HttpResponse:
    """Returns the changing part of the order's page when it has changed."""
    version = _version(request, normalise(number))
    return refresh(
        request,
        "frontdesk/orders/now.html",
        version,
        lambda: _live_context(request, find_order(number)),
    )
