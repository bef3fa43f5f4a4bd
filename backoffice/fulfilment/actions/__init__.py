"""Actions on shipments, and on requests for a rush."""

from backoffice.fulfilment.actions.rushes import (
    RushClosed,
    accept_rush_by_completing,
    answer_rush,
    receive_rush_request,
)
from backoffice.fulfilment.actions.shipments import (
    ShipmentMissingError,
    ShipmentStateError,
    cancel_shipment,
    follow_hand_over,
    open_shipments,
    progress_shipment,
    reopen_shipment,
    report_put_back,
    report_reopened,
    why_not_reopen_shipment,
)

__all__ = [
    "RushClosed",
    "ShipmentMissingError",
    "ShipmentStateError",
    "accept_rush_by_completing",
    "answer_rush",
    "cancel_shipment",
    "follow_hand_over",
    "open_shipments",
    "progress_shipment",
    "receive_rush_request",
    "reopen_shipment",
    "report_put_back",
    "report_reopened",
    "why_not_reopen_shipment",
]
