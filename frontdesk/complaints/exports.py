"""The columns of exported complaints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint
from frontdesk.complaints.visibility import unless_sealed
from officeflow.ui.export import ExportColumn

COMPLAINTS: tuple[ExportColumn[Complaint], ...] = (
    ExportColumn(_("Complaint"), lambda complaint: complaint.number, 14),
    ExportColumn(_("Logged"), lambda complaint: complaint.logged_at, 20),
    ExportColumn(
        _("Customer number"), lambda complaint: complaint.customer and complaint.customer.number
    ),
    ExportColumn(
        _("Customer"), lambda complaint: complaint.customer and complaint.customer.name, 30
    ),
    ExportColumn(_("State"), lambda complaint: complaint.get_state_display()),
    ExportColumn(_("Sealed"), lambda complaint: complaint.is_sealed, 10),
    ExportColumn(_("About"), unless_sealed(lambda complaint: complaint.get_category_display())),
    ExportColumn(
        _("Severity"), unless_sealed(lambda complaint: complaint.get_severity_display()), 12
    ),
    ExportColumn(
        _("Order"), unless_sealed(lambda complaint: complaint.order and complaint.order.number), 14
    ),
    ExportColumn(
        _("Product"), unless_sealed(lambda complaint: complaint.product and complaint.product.sku)
    ),
    ExportColumn(_("What happened"), unless_sealed(lambda complaint: complaint.description), 50),
    ExportColumn(
        _("What the customer wants"),
        unless_sealed(lambda complaint: complaint.desired_outcome),
        40,
    ),
    ExportColumn(
        _("Outcome"), unless_sealed(lambda complaint: complaint.get_outcome_display()), 20
    ),
    ExportColumn(_("Answer"), unless_sealed(lambda complaint: complaint.message), 50),
    ExportColumn(_("Resolved"), unless_sealed(lambda complaint: complaint.resolved_at), 20),
    ExportColumn(
        _("Logged by"), unless_sealed(lambda complaint: complaint.logged_by.full_name), 24
    ),
)
