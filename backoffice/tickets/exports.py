"""A queue as a table to export."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models import Ticket
from officeflow.ui.export import Column

TICKETS: tuple[Column[Ticket], ...] = (
    Column(_("Ticket"), lambda ticket: ticket.number, 14),
    Column(_("Department"), lambda ticket: ticket.get_department_display(), 16),
    Column(_("Kind"), lambda ticket: ticket.get_kind_display(), 14),
    Column(_("About"), lambda ticket: ticket.subject, 14),
    Column(_("What"), lambda ticket: ticket.title, 40),
    Column(_("Customer number"), lambda ticket: ticket.customer_number),
    Column(_("Customer"), lambda ticket: ticket.customer_name, 30),
    Column(_("State"), lambda ticket: ticket.get_state_display(), 18),
    Column(_("Priority"), lambda ticket: ticket.get_priority_display(), 10),
    Column(_("Who"), lambda ticket: ticket.assignee.full_name if ticket.assignee else None, 24),
    Column(_("Received"), lambda ticket: ticket.created_at, 20),
    Column(_("Due"), lambda ticket: ticket.due_at, 20),
    Column(_("On hold until"), lambda ticket: ticket.held_until, 20),
    Column(_("Finished"), lambda ticket: ticket.closed_at, 20),
)
