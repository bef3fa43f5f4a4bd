"""The columns of exported customers, which `frontdesk.customers.imports` can read again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontdesk.customers.models import Customer
from officeflow.ui.export import ExportColumn

CUSTOMERS: tuple[ExportColumn[Customer], ...] = (
    ExportColumn(_("Number"), lambda customer: customer.number, 14),
    ExportColumn(_("Name"), lambda customer: customer.name, 30),
    ExportColumn(_("Phone"), lambda customer: customer.phone, 20),
    ExportColumn(_("E-mail"), lambda customer: customer.email, 30),
    ExportColumn(_("Gets e-mail"), lambda customer: customer.wants_mail, 12),
    ExportColumn(_("Address"), lambda customer: customer.address, 40),
    ExportColumn(_("Note"), lambda customer: customer.note, 40),
    ExportColumn(_("Active"), lambda customer: customer.is_active, 10),
    ExportColumn(
        _("Merged into"), lambda customer: customer.merged_into and customer.merged_into.number
    ),
    ExportColumn(_("Added"), lambda customer: customer.created_at, 20),
)
