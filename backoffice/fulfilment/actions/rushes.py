"""The front desk's requests for a rush, and fulfilment's answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.fulfilment.actions.shipments import ShipmentMissingError, locked_shipment
from backoffice.fulfilment.models import RushRequest
from backoffice.tickets.actions import lower_after_rush, raise_for_rush, touch_ticket
from backoffice.tickets.actions.transitions import check_length, check_may_work
from backoffice.tickets.models import Ticket
from backoffice.tickets.wording import in_office_language
from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.handoff.contracts import RushAnswered, RushRequested
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User


class RushClosed(Conflict):
    """The request for a rush was answered already, or the order is finished."""


@transaction.atomic
def receive_rush_request(requested: RushRequested) -> None:
    """Stores the desk's request for a rush and raises the ticket's priority to "high".

    The priority's change keeps the reason. A request for goods that are ready, or whose order is
    cancelled, is refused at once. Raises `ShipmentMissingError`.
    """
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .filter(shipment__order_number=requested.order_number)
        .first()
    )
    if ticket is None:
        raise ShipmentMissingError(f"fulfilment has no order {requested.order_number}")
    shipment = locked_shipment(requested.order_number)
    now = timezone.now()
    rush = RushRequest(
        shipment=shipment,
        reason=requested.reason,
        requested_by_name=requested.requested_by_name[:150],
        requested_at=requested.requested_at,
    )
    earlier = RushRequest.objects.filter(shipment=shipment, answered_at__isnull=True).exists()
    if not ticket.is_open or earlier:
        rush.is_accepted, rush.answered_at = False, now
        with in_office_language():
            rush.answer = (
                _("An earlier request is still open.")
                if earlier
                else _("The work on this order is already finished.")
            )
        rush.save()
        _report_rush(rush, None)
        return
    rush.save()
    raise_for_rush(
        ticket=ticket,
        reason=requested.reason,
        requested_by_name=requested.requested_by_name,
        at=now,
    )


@transaction.atomic
def answer_rush(*, actor: User, ticket: Ticket, accepts: bool, reason: str = "") -> RushRequest:
    """Accepts the desk's request for a rush, or refuses it with a reason, and tells the desk.

    A refused request no longer raises the ticket's priority. Whoever works in fulfilment may
    answer. Raises `PermissionDenied`, `Refused` without a reason for refusing, and `RushClosed`
    when nobody waits for an answer.
    """
    check_may_work(actor, ticket)
    reason = reason.strip()
    check_length(reason, "reason")
    if not accepts and not reason:
        raise Refused(_("Enter why a rush is not possible."), "reason")
    # The ticket before the request, as where it is completed or cancelled.
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    now = timezone.now()
    rush = _answer(ticket.subject, accepts=accepts, reason=reason, actor=actor, at=now)
    if rush is None:
        raise RushClosed(_("The front desk is not waiting for an answer about a rush."))
    record(
        actor=actor,
        action="answer_rush",
        subject_kind="ticket",
        subject=ticket.number,
        changes={"is_accepted": (None, accepts)},
        personal=["reason"] if reason else [],
        at=now,
    )
    if not accepts:
        lower_after_rush(actor=actor, ticket=ticket, asked_at=rush.requested_at, at=now)
    touch_ticket(ticket=ticket, at=now)
    return rush


def accept_rush_by_completing(*, order_number: str, actor: User | None) -> None:
    """Accepts an open request for a rush: its goods are ready. The ticket's row is locked."""
    _answer(order_number, accepts=True, reason="", actor=actor, at=timezone.now())


def _answer(
    order_number: str, *, accepts: bool, reason: str, actor: User | None, at: datetime
) -> RushRequest | None:
    """Answers the open request of an order and tells the desk; returns None without one."""
    requests = RushRequest.objects.filter(shipment__order_number=order_number)
    rush = requests.select_related("shipment").filter(answered_at__isnull=True).last()
    # Of two answers one finds the request open.
    if rush is None or not requests.filter(pk=rush.pk, answered_at__isnull=True).update(
        is_accepted=accepts, answer=reason, answered_at=at, answered_by=actor
    ):
        return None
    rush.refresh_from_db()
    _report_rush(rush, actor)
    return rush


def _report_rush(rush: RushRequest, actor: User | None) -> None:
    assert rush.is_accepted is not None
    assert rush.answered_at is not None
    number = rush.shipment.order_number
    post(
        RushAnswered(
            order_number=number,
            is_accepted=rush.is_accepted,
            answered_at=rush.answered_at,
            answered_by_name=actor.get_full_name() if actor else "",
            reason=rush.answer,
        ),
        to=[Destination.FRONTDESK],
        subject=number,
        actor=actor,
    )
