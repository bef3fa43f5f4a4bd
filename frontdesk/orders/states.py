"""The states of an order and the moves allowed between them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.workflow import Moves, State


class OrderState(State):
    """The order's own state."""

    PLACED = "placed", "info", _("Placed")
    COMPLETED = "completed", "good", _("Completed")
    CANCELLED = "cancelled", "bad", _("Cancelled")


ORDER_MOVES = Moves(
    {
        OrderState.PLACED: {OrderState.COMPLETED, OrderState.CANCELLED},
        # By Undo: the goods were not handed over, or have not left.
        OrderState.COMPLETED: {OrderState.PLACED},
    }
)


class FulfilmentState(State):
    """The state of an order's goods as fulfilment last reported it."""

    NONE = "none", "neutral", _("Not started")
    WAITING = "waiting", "neutral", _("Waiting")
    IN_PROGRESS = "in_progress", "progress", _("In progress")
    READY = "ready", "good", _("Ready for pick-up")
    SHIPPED = "shipped", "good", _("Shipped")
    HANDED_OVER = "handed_over", "good", _("Handed over")
    EXCEPTION = "exception", "bad", _("Exception")
    PUTTING_BACK = "putting_back", "progress", _("Being put back")
    PUT_BACK = "put_back", "neutral", _("Put back")


class BillingState(State):
    """The billing state of an order as accounting last reported it."""

    NONE = "none", "neutral", _("Not billed")
    INVOICED = "invoiced", "info", _("Invoiced")
    PART_PAID = "part_paid", "warn", _("Part paid")
    PAID = "paid", "good", _("Paid")
    CREDITED = "credited", "neutral", _("Credited")
