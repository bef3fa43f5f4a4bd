"""Fulfilment's hooks of the work queue: shipments follow their tickets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.fulfilment.actions import progress_shipment, report_put_back
from backoffice.fulfilment.queries import pick_list
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.departments import Hooks, Text
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
from officeflow.staff.models import User


def on_taken(ticket: Ticket, actor: User | None) -> None:
    """Somebody began to fetch the goods."""
    _progress(ticket, ShipmentState.IN_PROGRESS, actor)


def on_untaken(ticket: Ticket, actor: User | None) -> None:
    """The goods are back in their place; the order waits again."""
    _progress(ticket, ShipmentState.WAITING, actor)


def on_answered(ticket: Ticket, actor: User | None) -> None:
    """The order waits again when the asker no longer works in fulfilment."""
    if ticket.state == TicketState.WAITING:
        _progress(ticket, ShipmentState.WAITING, actor)


def on_resumed(ticket: Ticket, actor: User | None) -> None:
    """The order waits again when the holder no longer works in fulfilment."""
    on_answered(ticket, actor)


def on_completed(ticket: Ticket, actor: User | None) -> None:
    """The goods lie ready, are on their way to the customer, or on their shelf again."""
    if ticket.kind == TicketKind.ORDER:
        done = ShipmentState.SHIPPED if _is_delivery(ticket) else ShipmentState.READY
        _progress(ticket, done, actor)
    elif ticket.kind == TicketKind.PUT_BACK:
        report_put_back(order_number=ticket.subject, actor=actor)


def complete_label(ticket: Ticket) -> Text:
    """The text of the button that completes the ticket."""
    if ticket.kind == TicketKind.ORDER:
        return _("Mark as shipped") if _is_delivery(ticket) else _("Ready for pick-up")
    if ticket.kind == TicketKind.PUT_BACK:
        return _("Mark as put back")
    return _("Answer the complaint")


def complete_warning(ticket: Ticket) -> Text:
    """Shipping cannot be taken back, so it is asked about first."""
    if ticket.kind == TicketKind.ORDER and _is_delivery(ticket):
        return _(
            "This completes the order: the goods are on their way, and it can no longer be "
            "cancelled."
        )
    return ""


def detail_context(ticket: Ticket) -> dict[str, Any]:
    """The pick list of an order or a put-back; nothing for a complaint."""
    if ticket.kind == TicketKind.COMPLAINT:
        return {"shipment": None}
    return {**pick_list(ticket.subject), "is_put_back": ticket.kind == TicketKind.PUT_BACK}


def _progress(ticket: Ticket, to: ShipmentState, actor: User | None) -> None:
    if ticket.kind == TicketKind.ORDER:
        progress_shipment(order_number=ticket.subject, to=to, actor=actor)


def _is_delivery(ticket: Ticket) -> bool:
    return ticket.shipment.is_delivery


HOOKS = Hooks(
    on_taken=on_taken,
    on_untaken=on_untaken,
    on_answered=on_answered,
    on_resumed=on_resumed,
    on_completed=on_completed,
    complete_label=complete_label,
    complete_warning=complete_warning,
    detail_template="backoffice/fulfilment/pick_list.html",
    detail_context=detail_context,
)
