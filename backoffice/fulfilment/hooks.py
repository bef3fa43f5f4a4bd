"""Fulfilment's ticket hooks: shipments follow their tickets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.fulfilment.actions import progress_shipment, report_put_back
from backoffice.fulfilment.queries import pick_list
from backoffice.fulfilment.states import ShipmentState
from backoffice.tickets.hooks import Hooks, Text
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketKind, TicketState
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
    elif ticket.kind == TicketKind.PUT_BACK:
        report_put_back(order_number=ticket.subject, actor=actor)


def complete_label(ticket: Ticket) -> Text:
    """Returns the text of the button that completes the ticket."""
    if ticket.kind == TicketKind.ORDER:
        return _("Mark as shipped") if _is_delivery(ticket) else _("Ready for pick-up")
    if ticket.kind == TicketKind.PUT_BACK:
        return _("Mark as put back")
    return _("Answer the complaint")


def complete_warning(ticket: Ticket) -> Text:
    """Returns the text of the confirmation before shipping, which cannot be undone; else ""."""
    if ticket.kind == TicketKind.ORDER and _is_delivery(ticket):
        return _(
            "This completes the order: the goods are on their way, and it can no longer be "
            "cancelled."
        )
    return ""


def detail_context(ticket: Ticket) -> dict[str, Any]:
    """Returns the pick list of an order or a put-back; an empty one for a complaint."""
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
    on_answered=wait_without_assignee,
    on_resumed=wait_without_assignee,
    on_completed=on_completed,
    complete_label=complete_label,
    complete_warning=complete_warning,
    detail_template="backoffice/fulfilment/pick_list.html",
    detail_context=detail_context,
)
