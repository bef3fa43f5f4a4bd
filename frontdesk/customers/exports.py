"""The columns of exported customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontdesk.customers.models import Customer
from officeflow.ui.export import Column

# Read in again by `frontdesk.customers.imports`.
CUSTOMERS: tuple[Column[Customer], ...] = (
    Column(_("Number"), lambda customer: customer.number, 14),
    Column(_("Name"), lambda customer: customer.name, 30),
    Column(_("Phone"), lambda customer: customer.phone, 20),
    Column(_("E-mail"), lambda customer: customer.email, 30),
    Column(_("Gets e-mail"), lambda customer: customer.wants_mail, 12),
    Column(_("Address"), lambda customer: customer.address, 40),
    Column(_("Note"), lambda customer: customer.note, 40),
    Column(_("Active"), lambda customer: customer.is_active, 10),
    Column(_("Merged into"), lambda customer: customer.merged_into and customer.merged_into.number),
    Column(_("Added"), lambda customer: customer.created_at, 20),
)
