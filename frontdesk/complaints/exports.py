"""The columns of exported complaints."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint
from officeflow.ui.export import Column


def _open(read: Callable[[Complaint], object]) -> Callable[[Complaint], object]:
    """What only a complaint that is not sealed says."""
    return lambda complaint: None if complaint.is_sealed else read(complaint)


# Of a sealed complaint the desk has number, customer, date and public state.
COMPLAINTS: tuple[Column[Complaint], ...] = (
    Column(_("Complaint"), lambda complaint: complaint.number, 14),
    Column(_("Logged"), lambda complaint: complaint.logged_at, 20),
    Column(
        _("Customer number"), lambda complaint: complaint.customer and complaint.customer.number
    ),
    Column(_("Customer"), lambda complaint: complaint.customer and complaint.customer.name, 30),
    Column(_("State"), lambda complaint: complaint.get_state_display()),
    Column(_("Sealed"), lambda complaint: complaint.is_sealed, 10),
    Column(_("About"), _open(lambda complaint: complaint.get_category_display())),
    Column(_("Severity"), _open(lambda complaint: complaint.get_severity_display()), 12),
    Column(_("Order"), _open(lambda complaint: complaint.order and complaint.order.number), 14),
    Column(_("Product"), _open(lambda complaint: complaint.product and complaint.product.sku)),
    Column(_("What happened"), _open(lambda complaint: complaint.description), 50),
    Column(_("What the customer wants"), _open(lambda complaint: complaint.desired_outcome), 40),
    Column(_("Outcome"), _open(lambda complaint: complaint.get_outcome_display()), 20),
    Column(_("Answer"), _open(lambda complaint: complaint.message), 50),
    Column(_("Resolved"), _open(lambda complaint: complaint.resolved_at), 20),
    Column(_("Logged by"), _open(lambda complaint: complaint.logged_by.full_name), 24),
)
