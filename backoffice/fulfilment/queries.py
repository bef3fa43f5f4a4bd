"""Reading an order's goods."""

from __future__ import annotations

from typing import Any

from backoffice.fulfilment.models import Shipment


def find_shipment(order_number: str) -> Shipment | None:
    """An order's goods with their lines."""
    return Shipment.objects.filter(order_number=order_number).prefetch_related("lines").first()


def pick_list(order_number: str) -> dict[str, Any]:
    """An order's goods to fetch (or put back) and its services, each in the order's order."""
    shipment = find_shipment(order_number)
    lines = list(shipment.lines.all()) if shipment else []
    return {
        "shipment": shipment,
        "goods": [line for line in lines if line.is_goods],
        "services": [line for line in lines if not line.is_goods],
    }
