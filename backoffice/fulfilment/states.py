"""The states of a shipment, which the desk mirrors, and the moves allowed between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class ShipmentState(State):
    """The state of an order's goods."""

    WAITING = "waiting", "neutral", _("Waiting")
    IN_PROGRESS = "in_progress", "progress", _("In progress")
    READY = "ready", "good", _("Ready for pick-up")
    SHIPPED = "shipped", "good", _("Shipped")
    HANDED_OVER = "handed_over", "good", _("Handed over")
    CANCELLED = "cancelled", "bad", _("Cancelled")


SHIPMENT_MOVES = Moves(
    {
        ShipmentState.WAITING: {ShipmentState.IN_PROGRESS, ShipmentState.CANCELLED},
        ShipmentState.IN_PROGRESS: {
            ShipmentState.WAITING,
            ShipmentState.READY,
            ShipmentState.SHIPPED,
            ShipmentState.CANCELLED,
        },
        ShipmentState.READY: {
            ShipmentState.HANDED_OVER,
            ShipmentState.CANCELLED,
            ShipmentState.IN_PROGRESS,  # not ready after all
        },
        ShipmentState.SHIPPED: {ShipmentState.IN_PROGRESS},  # by Undo
        ShipmentState.HANDED_OVER: {ShipmentState.READY},  # by the desk's Undo
    }
)
