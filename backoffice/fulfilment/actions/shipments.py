"""Actions on shipments; each change of state is reported to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.fulfilment.models import RushRequest, Shipment, ShipmentLine
from backoffice.fulfilment.states import SHIPMENT_MOVES, ShipmentState
from backoffice.tickets.actions import (
    NewTicket,
    TicketStateConflict,
    assign_to_holder,
    cancel_ticket,
    open_ticket,
    open_tickets,
)
from backoffice.tickets.due_times import order_due_times, put_back_due_time
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
from backoffice.tickets.wording import in_office_language
from officeflow.audit.actions import record, record_in_batches
from officeflow.company.queries import cached_office, get_office, undo_window
from officeflow.handoff.contracts import (
    FulfilmentProgressed,
    FulfilmentReopened,
    GoodsHandedOver,
    GoodsProgress,
    OrderCancelled,
    OrderPlaced,
    Party,
)
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.outbox import is_under_way, post, was_posted_within
from officeflow.handoff.registry import PermanentError
from officeflow.permissions import Department
from officeflow.postgres.inserts import insert
from officeflow.postgres.rows import read_rows, records_of, sql_of
from officeflow.staff.held_work import will_hold
from officeflow.staff.models import User

# The fields of who cancelled the order, when and why.
CANCELLATION = ("cancelled_at", "cancelled_by_name", "cancel_reason")


class ShipmentMissingError(PermanentError):
    """Fulfilment has no shipment for the order, so trying again cannot help."""


class ShipmentStateError(PermanentError):
    """The shipment is not in a state that allows the reported one; a person must check it."""


@transaction.atomic
def open_shipments(placed: Sequence[tuple[OrderPlaced, Handoff]]) -> list[Shipment]:
    """Opens a ticket and a shipment, with a snapshot of the lines, for each order, or for none.

    An order of services only gets a ticket too, because the services must be done.
    """
    with cached_office(get_office()), record_in_batches():
        tickets = _open_order_tickets(placed)
        shipments = [
            Shipment(
                order_number=contract.order_number,
                ticket=ticket,
                is_delivery=contract.is_delivery,
                delivery_address=contract.delivery_address,
                wanted_by_date=contract.wanted_by_date,
                note=contract.note,
                contact_phone=contract.contact_phone[:40],
                contact_email=contract.contact_email[:254],
            )
            for (contract, _handoff), ticket in zip(placed, tickets, strict=True)
        ]
        insert(shipments)
        insert(
            ShipmentLine(
                shipment=shipment,
                position=line.position,
                sku=line.sku,
                description=line.description,
                is_goods=line.is_goods,
                unit=line.unit,
                quantity=line.quantity,
            )
            for (contract, _handoff), shipment in zip(placed, shipments, strict=True)
            for line in contract.lines
        )
        for shipment in shipments:
            now = timezone.now()
            _audit(shipment, None, ShipmentState.WAITING, actor=None, at=now)
            _report(shipment.order_number, GoodsProgress.WAITING, actor=None, at=now)
    return shipments


def _open_order_tickets(placed: Sequence[tuple[OrderPlaced, Handoff]]) -> list[Ticket]:
    dues = order_due_times(
        (contract.known_at, contract.wanted_by_date) for contract, _handoff in placed
    )
    return open_tickets(
        [
            NewTicket(
                handoff=handoff,
                department=Department.FULFILMENT,
                kind=TicketKind.ORDER,
                subject=contract.order_number,
                title=_title(contract),
                customer=contract.customer,
                site_code=contract.site_code,
                due=due,
            )
            for (contract, handoff), due in zip(placed, dues, strict=True)
        ]
    )


def _title(contract: OrderPlaced) -> str:
    first, *others = sorted(contract.lines, key=lambda line: not line.is_goods)
    if not others:
        return first.description
    with in_office_language():
        return _("%(first)s and %(count)d more") % {
            "first": first.description,
            "count": len(others),
        }


@transaction.atomic
def progress_shipment(*, order_number: str, to: ShipmentState, actor: User | None) -> Shipment:
    """Moves an order's shipment to another state and reports it to the desk.

    The current state changes nothing. Raises `ShipmentMissingError`, and `ShipmentStateError` for
    a move that is not allowed.
    """
    shipment, now = locked_shipment(order_number), timezone.now()
    if _move(shipment, to, actor=actor, at=now):
        _report(order_number, GoodsProgress(to.value), actor=actor, at=now)
    return shipment


@transaction.atomic
def follow_hand_over(*, order_number: str, to: ShipmentState) -> Shipment:
    """Moves an order's shipment as the desk has handed its goods over, or has taken that back.

    It is not reported to the desk, which may have taken it back since. Raises as
    `progress_shipment`.
    """
    shipment = locked_shipment(order_number)
    _move(shipment, to, actor=None, at=timezone.now())
    return shipment


def _move(shipment: Shipment, to: ShipmentState, *, actor: User | None, at: datetime) -> bool:
    """Moves a locked shipment; returns False when it has the state already."""
    old = ShipmentState(shipment.state)
    if old == to:
        return False
    if not SHIPMENT_MOVES.allows(old, to):
        raise ShipmentStateError(
            f"the goods of {shipment.order_number} are {old} and cannot become {to}"
        )
    shipment.state = to
    shipment.save(update_fields=["state", "changed_at"])
    _audit(shipment, old, to, actor=actor, at=at)
    return True


@transaction.atomic
def reopen_shipment(*, order_number: str, actor: User, reason: str) -> Shipment:
    """Moves goods that were ready or shipped back to "in progress" and reports it to the desk.

    Called when their ticket was reopened, whose row is locked. Raises `TicketStateConflict` when
    the goods are with the customer or the order is cancelled, also when the desk has only just
    posted that.
    """
    shipment = locked_shipment(order_number)
    if why_not := why_not_reopen_shipment(shipment, is_undo=True):
        raise TicketStateConflict(str(why_not))
    # `hand_over_order` looks at our hand-off after it has posted, so that one of the two wins.
    if is_under_way(
        GoodsHandedOver,
        OrderCancelled,
        to=Destination.FULFILMENT,
        subject=order_number,
        locking=(Destination.FRONTDESK, Destination.FULFILMENT),
    ):
        raise TicketStateConflict(
            _("The front desk has just handed the goods over or cancelled the order.")
        )
    # What needs Undo is refused once the message to the customer may have been sent, which waits as
    # long and locks the stream too. Ready goods can be taken back later, with a reason.
    if (shipment.state == ShipmentState.SHIPPED or not reason) and not was_posted_within(
        undo_window(), FulfilmentProgressed, to=Destination.FRONTDESK, subject=order_number
    ):
        raise TicketStateConflict(
            why_not_reopen_shipment(shipment, is_undo=False)
            or _("The time for Undo is over. Reopen the ticket with a reason.")
        )
    now = timezone.now()
    _move(shipment, ShipmentState.IN_PROGRESS, actor=actor, at=now)
    report_reopened(
        order_number=order_number,
        state=GoodsProgress.IN_PROGRESS,
        actor=actor,
        reason=reason,
        at=now,
    )
    return shipment


def why_not_reopen_shipment(shipment: Shipment, *, is_undo: bool) -> str:
    """Returns why the goods can no longer be taken back; empty when they can."""
    state = shipment.state
    # Goods that had left when the order was cancelled stay shipped.
    if state == ShipmentState.CANCELLED or shipment.cancelled_at is not None:
        return _("The order was cancelled.")
    if state == ShipmentState.READY or (state == ShipmentState.SHIPPED and is_undo):
        return ""
    if state == ShipmentState.SHIPPED:
        return _("The goods have left. The front desk can take them back as a return.")
    if state == ShipmentState.HANDED_OVER:
        return _("The goods were handed over to the customer.")
    return _("The goods are in progress.")


def report_reopened(
    *, order_number: str, state: GoodsProgress, actor: User, reason: str, at: datetime
) -> None:
    """Reports to the desk that fulfilment works on the goods of an order again."""
    post(
        FulfilmentReopened(
            order_number=order_number,
            state=state,
            reopened_at=at,
            reopened_by_name=actor.get_full_name(),
            reason=reason,
        ),
        to=[Destination.FRONTDESK],
        subject=order_number,
        actor=actor,
    )


@transaction.atomic
def cancel_shipment(*, cancelled: OrderCancelled, handoff: Handoff) -> None:
    """Cancels the shipment of a cancelled order, and its open ticket, whose assignee is notified.

    If the goods were fetched, it opens a ticket to put them back, which belongs to the person who
    was fetching them. If they have left meanwhile, the shipment keeps its state, a ticket to get
    them back opens, and an exception is reported to the desk. Raises `ShipmentMissingError`.
    """
    order_number, cancelled_at = cancelled.order_number, cancelled.cancelled_at
    # The person is locked before the ticket, as where a role ends, and the ticket before the
    # shipment, as in `take_ticket`, so that they cannot deadlock.
    holder_id = (
        Ticket.objects.filter(shipment__order_number=order_number)
        .values_list("assignee_id", flat=True)
        .first()
    )
    if holder_id is not None:
        will_hold(holder_id, Department.FULFILMENT)
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .filter(shipment__order_number=order_number)
        .first()
    )
    if ticket is None:
        raise ShipmentMissingError(f"fulfilment has no order {order_number}")
    shipment = locked_shipment(order_number)
    shipment.cancelled_at = cancelled_at
    shipment.cancelled_by_name = cancelled.cancelled_by_name[:150]
    shipment.cancel_reason = cancelled.reason
    if shipment.state in (ShipmentState.SHIPPED, ShipmentState.HANDED_OVER):
        shipment.save(update_fields=CANCELLATION)
        _open_put_back(shipment, ticket, cancelled_at, handoff, has_left=True)
        _report(order_number, GoodsProgress.EXCEPTION, actor=None, at=timezone.now())
        return
    old, untouched = ShipmentState(shipment.state), _is_untouched(ticket)
    holder = ticket.assignee if ticket.is_open and ticket.assignee_id == holder_id else None
    if ticket.is_open:
        cancel_ticket(ticket=ticket, note=_who_and_why(cancelled))
    shipment.state = ShipmentState.CANCELLED
    shipment.save(update_fields=["state", "changed_at", *CANCELLATION])
    _close_rush(shipment)
    now = timezone.now()
    _audit(shipment, old, ShipmentState.CANCELLED, actor=None, at=now)
    is_putting_back = not untouched and _open_put_back(
        shipment, ticket, cancelled_at, handoff, has_left=False, holder=holder
    )
    # The desk must not go on showing the goods as ready.
    progress = GoodsProgress.PUTTING_BACK if is_putting_back else GoodsProgress.NONE
    _report(order_number, progress, actor=None, at=now)


def _who_and_why(cancelled: OrderCancelled) -> str:
    return ": ".join(filter(None, (cancelled.cancelled_by_name, cancelled.reason)))


def report_put_back(*, order_number: str, actor: User | None) -> None:
    """Reports to the desk that the goods of a cancelled order were put back."""
    _report(order_number, GoodsProgress.PUT_BACK, actor=actor, at=timezone.now())


def _is_untouched(ticket: Ticket) -> bool:
    """Returns whether nothing was fetched yet.

    A waiting ticket was worked on before if it was returned and its assignee has left.
    """
    if ticket.state != TicketState.WAITING:
        return False
    before = ticket.periods.filter(ended_at__isnull=False).order_by("-pk").first()
    return before is None or before.state != TicketState.RETURNED


def _open_put_back(
    shipment: Shipment,
    ticket: Ticket,
    asked_at: datetime,
    handoff: Handoff,
    *,
    has_left: bool,
    holder: User | None = None,
) -> bool:
    """Opens the ticket to put goods back and gives it to `holder`, who has them.

    Returns False for an order of services only.
    """
    if not any(line.is_goods for line in shipment.lines.all()):
        return False
    with in_office_language():
        title, details = _put_back_words(shipment, has_left=has_left)
    put_back = open_ticket(
        NewTicket(
            handoff=handoff,
            department=Department.FULFILMENT,
            kind=TicketKind.PUT_BACK,
            subject=shipment.order_number,
            title=title % {"order": shipment.order_number},
            details=details,
            customer=_customer_of(ticket),
            site_code=ticket.site.code,
            due=put_back_due_time(asked_at),
        )
    )
    if holder is not None:
        assign_to_holder(ticket=put_back, holder=holder)
    return True


def _put_back_words(shipment: Shipment, *, has_left: bool) -> tuple[str, str]:
    if not has_left:
        return (
            _("Put back the goods for %(order)s"),
            _("The order was cancelled. Put the goods that were fetched back on their shelves."),
        )
    if shipment.is_delivery:
        return (
            _("Recall the parcel for %(order)s"),
            _(
                "The order was cancelled while its parcel was leaving. Recall the parcel, and "
                "put the goods back when they arrive."
            ),
        )
    return (
        _("Get back the goods for %(order)s"),
        _("The order was cancelled after the goods were handed over."),
    )


def _customer_of(ticket: Ticket) -> Party | None:
    if not ticket.customer_number:
        return None
    return Party(number=ticket.customer_number, name=ticket.customer_name)


def locked_shipment(order_number: str) -> Shipment:
    """Returns the locked shipment of an order. Raises `ShipmentMissingError`."""
    for row in read_rows(_locked(), [order_number]):
        shipment: Shipment
        (shipment,) = records_of(row, Shipment)
        return shipment
    raise ShipmentMissingError(f"fulfilment has no order {order_number}")


@cache
def _locked() -> str:
    """Returns the SQL that locks the shipment of an order."""
    return sql_of(Shipment.objects.filter(order_number="")) + " FOR UPDATE"


def _audit(
    shipment: Shipment,
    old: ShipmentState | None,
    new: ShipmentState,
    *,
    actor: User | None,
    at: datetime,
) -> None:
    record(
        actor=actor,
        action="progress_shipment",
        subject_kind="shipment",
        subject=shipment.order_number,
        changes={"state": (old, new)},
        at=at,
    )


def _report(order_number: str, state: GoodsProgress, *, actor: User | None, at: datetime) -> None:
    post(
        FulfilmentProgressed(
            order_number=order_number,
            state=state,
            at=at,
            by_name=actor.get_full_name() if actor else "",
        ),
        to=[Destination.FRONTDESK],
        subject=order_number,
        actor=actor,
    )


def _close_rush(shipment: Shipment) -> None:
    """Closes the request for a rush of a cancelled order, without a word: the desk cancelled it."""
    RushRequest.objects.filter(shipment=shipment, answered_at__isnull=True).update(
        is_accepted=False, answered_at=timezone.now()
    )
