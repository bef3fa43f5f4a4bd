"""Asking fulfilment to work on an order sooner."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.orders.models import Order, Rush
from frontdesk.orders.states import FulfilmentState, OrderState
from officeflow import limits
from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User

# The states of the goods in which fulfilment can still be quicker.
RUSH_STATES = (FulfilmentState.NONE, FulfilmentState.WAITING, FulfilmentState.IN_PROGRESS)


def can_ask_for_rush(order: Order) -> bool:
    """Returns whether fulfilment is at work on the order and no request waits for an answer."""
    return (
        order.state == OrderState.PLACED
        and order.fulfilment_state in RUSH_STATES
        and not any(rush.answered_at is None for rush in order.rushes.all())
    )


@transaction.atomic
def ask_for_rush(*, actor: User, order: Order, reason: str) -> Rush:
    """Asks fulfilment to work on an order sooner. Whether they do is their answer.

    Raises `Refused` without a reason, `Conflict` when the goods are ready or have left, or an
    earlier request waits for its answer.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter why the customer needs it sooner."), "reason")
    if len(reason) > limits.REASON:
        raise Refused(_("Use at most %(length)d characters.") % {"length": limits.REASON}, "reason")
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not can_ask_for_rush(order):
        raise Conflict(
            _("A rush cannot be asked for now: the goods are ready, or a request is open already.")
        )
    now = timezone.now()
    rush = Rush.objects.create(order=order, reason=reason, requested_by=actor, requested_at=now)
    order.version += 1
    order.save()
    record(
        actor=actor,
        action="ask_for_rush",
        subject_kind="order",
        subject=order.number,
        personal=["reason"],
        at=now,
    )
    post(
        contracts.RushRequested(
            order_number=order.number,
            reason=reason,
            requested_at=now,
            requested_by_name=actor.get_full_name(),
        ),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    return rush
