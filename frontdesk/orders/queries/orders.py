"""Orders for lists, for an order's page and for lookups."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from frontdesk.orders.models import Order, Reopening, Rush
from frontdesk.orders.states import BillingState, FulfilmentState, OrderState
from officeflow.numbering import normalise
from officeflow.parts import Parts, load_parts

M = TypeVar("M", bound=Model)
ORDER = ("-ordered_at", "-id")
# What an order's page shows of it.
PARTS: Parts = {
    "lines": (),
    "payments": ("taken_by",),
    "payments__corrections": (),
    "refunds": ("paid_by",),
    "questions": (),
    "holds": (),
    "complaints": (),
    "reopenings": (),
    "rushes": (),
}
REOPENED_STATES = (FulfilmentState.WAITING, FulfilmentState.IN_PROGRESS)

# Label and filter of each tab above the list, by its value in the address.
ORDER_TABS = {
    "all": (_("All"), Q()),
    "open": (_("Open"), Q(state=OrderState.PLACED)),
    "ready": (
        _("Ready for pick-up"),
        Q(state=OrderState.PLACED, fulfilment_state=FulfilmentState.READY),
    ),
    "unpaid": (
        _("To be paid"),
        Q(billing_state__in=(BillingState.INVOICED, BillingState.PART_PAID))
        & ~Q(state=OrderState.CANCELLED),
    ),
    "completed": (_("Completed"), Q(state=OrderState.COMPLETED)),
    "cancelled": (_("Cancelled"), Q(state=OrderState.CANCELLED)),
}


def orders() -> QuerySet[Order]:
    """Returns all orders with customer and salesperson, newest first."""
    return Order.objects.select_related("customer", "placed_by").order_by(*ORDER)


def orders_in(tab: str) -> QuerySet[Order]:
    """Returns the orders of a tab. Raises `KeyError` for an unknown tab."""
    return orders().filter(ORDER_TABS[tab][1])


def with_parts(order: Order) -> Order:
    """Returns the order after loading everything that its page shows."""
    load_parts(order, PARTS)
    return order


def last_reopening(order: Order) -> Reopening | None:
    """Returns the latest reopening while fulfilment works on the goods again, or None."""
    if order.state != OrderState.PLACED or order.fulfilment_state not in REOPENED_STATES:
        return None
    return _last(order.reopenings.all())


def open_rush(order: Order) -> Rush | None:
    """Returns the latest request for a rush while the goods are not ready, or None."""
    if order.state != OrderState.PLACED or order.fulfilment_state == FulfilmentState.READY:
        return None
    return _last(order.rushes.all())


def _last(rows: QuerySet[M]) -> M | None:
    """Returns the last of prefetched rows."""
    return list(rows)[-1] if rows else None


def orders_numbered_elsewhere(text: str) -> QuerySet[Order]:
    """Returns imported orders whose number in the other program is `text`, in either case."""
    return orders().filter(~Q(source=""), source_reference__iexact=text.strip())


def search_orders(
    text: str, *, customer_ids: list[int] | None = None, limit: int = 8
) -> list[Order]:
    """Returns orders with that number (also bare digits, or in another program), invoice or credit
    note, or of the given customers."""
    number = normalise(text)
    wanted = Q(number=number)
    if number.isdecimal() and len(number) <= 9:
        wanted |= Q(number=f"SO-{int(number):06d}")
    if number.startswith(("INV-", "CN-")):
        wanted |= Q(invoice_number=number) | Q(credit_note_number=number)
    if customer_ids:
        wanted |= Q(customer_id__in=customer_ids)
    found = [*orders().filter(wanted)[:limit], *orders_numbered_elsewhere(text)[:limit]]
    return list(dict.fromkeys(found))[:limit]
