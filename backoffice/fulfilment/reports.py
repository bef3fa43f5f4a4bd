"""What the gallery may ask of fulfilment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.states import ShipmentState


def shipments_by_state() -> dict[ShipmentState, int]:
    """How many orders' goods are in each state; states without any are not there."""
    rows = Shipment.objects.order_by().values_list("state").annotate(Count("pk"))
    return {ShipmentState(state): count for state, count in rows}


def orders_with_shipment(order_numbers: Iterable[str]) -> set[str]:
    """Which of the orders have reached fulfilment; each that did has exactly one shipment."""
    return set(
        Shipment.objects.filter(order_number__in=list(order_numbers)).values_list(
            "order_number", flat=True
        )
    )
