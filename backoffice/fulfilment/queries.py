"""Queries for shipments."""

from __future__ import annotations

from typing import Any

from backoffice.fulfilment.models import Shipment
from officeflow.parts import load_parts


def with_parts(shipment: Shipment) -> Shipment:
    """Returns the shipment after loading its lines, and the desk's requests for a rush."""
    load_parts(shipment, {"lines": (), "rushes": ("answered_by",)})
    return shipment


def pick_list(shipment: Shipment) -> dict[str, Any]:
    """Returns a shipment with its lines of goods and of services, for a template."""
    lines, rushes = list(shipment.lines.all()), list(shipment.rushes.all())
    return {
        "shipment": shipment,
        "goods": [line for line in lines if line.is_goods],
        "services": [line for line in lines if not line.is_goods],
        "rush": rushes[-1] if rushes else None,
    }
