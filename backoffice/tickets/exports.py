"""The columns of exported tickets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backoffice.tickets.models import Ticket
from officeflow.ui.export import ExportColumn

TICKETS: tuple[ExportColumn[Ticket], ...] = (
    ExportColumn(_("Ticket"), lambda ticket: ticket.number, 14),
    ExportColumn(_("Department"), lambda ticket: ticket.get_department_display(), 16),
    ExportColumn(_("Kind"), lambda ticket: ticket.get_kind_display(), 14),
    ExportColumn(_("About"), lambda ticket: ticket.subject, 14),
    ExportColumn(_("Title"), lambda ticket: ticket.title, 40),
    ExportColumn(_("Customer number"), lambda ticket: ticket.customer_number),
    ExportColumn(_("Customer"), lambda ticket: ticket.customer_name, 30),
    ExportColumn(_("State"), lambda ticket: ticket.get_state_display(), 18),
    ExportColumn(_("Priority"), lambda ticket: ticket.get_priority_display(), 10),
    ExportColumn(
        _("Assignee"), lambda ticket: ticket.assignee.full_name if ticket.assignee else None, 24
    ),
    ExportColumn(_("Received"), lambda ticket: ticket.created_at, 20),
    ExportColumn(_("Due"), lambda ticket: ticket.due_at, 20),
    ExportColumn(_("On hold until"), lambda ticket: ticket.held_until, 20),
    ExportColumn(_("Finished"), lambda ticket: ticket.closed_at, 20),
)
