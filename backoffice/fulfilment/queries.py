"""Queries for shipments."""

from __future__ import annotations

from typing import Any

from backoffice.fulfilment.models import Shipment


def pick_list(order_number: str) -> dict[str, Any]:
    """Returns an order's shipment with its lines of goods and of services, for a template."""
    shipment = Shipment.objects.filter(order_number=order_number).first()
    lines = list(shipment.lines.all()) if shipment else []
    return {
        "shipment": shipment,
        "goods": [line for line in lines if line.is_goods],
        "services": [line for line in lines if not line.is_goods],
        "rush": shipment.rushes.select_related("answered_by").last() if shipment else None,
    }
