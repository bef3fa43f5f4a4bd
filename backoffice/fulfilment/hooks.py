"""Fulfilment's ticket hooks: shipments follow their tickets."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.fulfilment.actions import (
    accept_rush_by_completing,
    progress_shipment,
    reopen_shipment,
    report_put_back,
    report_reopened,
    why_not_reopen_shipment,
)
from backoffice.fulfilment.models import Shipment
from backoffice.fulfilment.queries import pick_list, with_parts
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.hooks import Hooks, Text, answer_has_gone
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
from backoffice.tickets.timeline import TicketEvent
from officeflow.handoff.contracts import GoodsProgress
from officeflow.staff.models import User


def on_taken(ticket: Ticket, actor: User | None) -> None:
    """Moves the shipment to "in progress"."""
    _progress(ticket, ShipmentState.IN_PROGRESS, actor)


def on_untaken(ticket: Ticket, actor: User | None) -> None:
    """Moves the shipment back to "waiting"."""
    _progress(ticket, ShipmentState.WAITING, actor)


def wait_without_assignee(ticket: Ticket, actor: User | None) -> None:
    """Moves the shipment back to "waiting" when the ticket has lost its assignee."""
    if ticket.state == TicketState.WAITING:
        _progress(ticket, ShipmentState.WAITING, actor)


def on_completed(ticket: Ticket, actor: User | None) -> None:
    """Marks the goods as ready or shipped, or reports that they were put back."""
    if ticket.kind == TicketKind.ORDER:
        done = ShipmentState.SHIPPED if _is_delivery(ticket) else ShipmentState.READY
        _progress(ticket, done, actor)
        accept_rush_by_completing(order_number=ticket.subject, actor=actor)
    elif ticket.kind == TicketKind.PUT_BACK:
        report_put_back(order_number=ticket.subject, actor=actor)


def on_reopened(ticket: Ticket, actor: User, reason: str) -> None:
    """Moves the goods back to "in progress", or reports that they are not put back yet."""
    if ticket.kind == TicketKind.ORDER:
        reopen_shipment(order_number=ticket.subject, actor=actor, reason=reason)
    elif ticket.kind == TicketKind.PUT_BACK:
        report_reopened(
            order_number=ticket.subject,
            state=GoodsProgress.PUTTING_BACK,
            actor=actor,
            reason=reason,
            at=timezone.now(),
        )


def why_not_reopen(ticket: Ticket, is_undo: bool) -> Text:
    """Returns why a completed ticket cannot be reopened; empty when it can be."""
    if ticket.kind == TicketKind.ORDER:
        return why_not_reopen_shipment(ticket.shipment, is_undo=is_undo)
    return answer_has_gone(ticket, is_undo)


def complete_label(ticket: Ticket) -> Text:
    """Returns the text of the button that completes the ticket."""
    if ticket.kind == TicketKind.ORDER:
        return _("Mark as shipped") if _is_delivery(ticket) else _("Ready for pick-up")
    if ticket.kind == TicketKind.PUT_BACK:
        return _("Mark as put back")
    return _("Answer the complaint")


def reopen_label(ticket: Ticket) -> Text:
    """Returns the text of the button that reopens the completed ticket."""
    if ticket.kind == TicketKind.ORDER:
        return _("Not shipped after all") if _is_delivery(ticket) else _("Not ready after all")
    if ticket.kind == TicketKind.PUT_BACK:
        return _("Not put back after all")
    return _("Withdraw the answer")


def complete_warning(ticket: Ticket) -> Text:
    """Returns the text of the confirmation before shipping, which is soon final; else ""."""
    if ticket.kind == TicketKind.ORDER and _is_delivery(ticket):
        return _(
            "This completes the order: the goods are on their way, and it can no longer be "
            "cancelled."
        )
    return ""


def events(ticket: Ticket) -> list[TicketEvent]:
    """Returns the answers to the desk's requests for a rush."""
    if ticket.kind != TicketKind.ORDER:
        return []
    return [
        TicketEvent(
            at=rush.answered_at,
            title=(
                gettext("%(name)s accepted the rush") % {"name": rush.answered_by}
                if rush.is_accepted
                else gettext("%(name)s refused the rush") % {"name": rush.answered_by}
            ),
            text=rush.answer,
            icon="check" if rush.is_accepted else "cross",
            tone="good" if rush.is_accepted else "bad",
        )
        for rush in with_parts(ticket.shipment).rushes.all()
        if rush.answered_by is not None and rush.answered_at is not None
    ]


def detail_context(ticket: Ticket) -> dict[str, Any]:
    """Returns the pick list of an order or a put-back; an empty one for a complaint."""
    shipment = _shipment_of(ticket)
    if shipment is None:
        return {"shipment": None}
    return {
        **pick_list(with_parts(shipment)),
        "is_put_back": ticket.kind == TicketKind.PUT_BACK,
        # What the person who was fetching the goods is to do with them.
        "put_back": Ticket.objects.filter(subject=ticket.subject, kind=TicketKind.PUT_BACK).first()
        if ticket.state == TicketState.CANCELLED
        else None,
    }


def _shipment_of(ticket: Ticket) -> Shipment | None:
    if ticket.kind == TicketKind.ORDER:
        return ticket.shipment
    if ticket.kind == TicketKind.PUT_BACK:
        return Shipment.objects.filter(order_number=ticket.subject).first()
    return None


def _progress(ticket: Ticket, to: ShipmentState, actor: User | None) -> None:
    if ticket.kind == TicketKind.ORDER:
        progress_shipment(order_number=ticket.subject, to=to, actor=actor)


def _is_delivery(ticket: Ticket) -> bool:
    return ticket.shipment.is_delivery


HOOKS = Hooks(
    on_taken=on_taken,
    on_untaken=on_untaken,
    on_answered=wait_without_assignee,
    on_resumed=wait_without_assignee,
    on_completed=on_completed,
    on_reopened=on_reopened,
    why_not_reopen=why_not_reopen,
    complete_label=complete_label,
    complete_warning=complete_warning,
    reopen_label=reopen_label,
    events=events,
    detail_template="backoffice/fulfilment/pick_list.html",
    detail_context=detail_context,
)
