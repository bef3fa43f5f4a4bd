"""The desk's lists as tables to take away: the columns of each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from frontdesk.complaints.models import Complaint
from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.ui.export import Column, amount


def _money(field: str) -> Callable[[Order], Decimal | None]:
    return lambda order: amount(getattr(order, field), order.currency)


def _number(row: Order | Complaint) -> str:
    return row.customer.number if row.customer else ""


def _name(row: Order | Complaint) -> str:
    return row.customer.name if row.customer else ""


ORDERS: tuple[Column[Order], ...] = (
    Column(_("Order"), lambda order: order.number, 14),
    Column(_("Ordered"), lambda order: order.ordered_at, 20),
    Column(_("Customer number"), _number),
    Column(_("Customer"), _name, 30),
    Column(_("State"), lambda order: order.get_state_display()),
    Column(_("Goods"), lambda order: order.get_fulfilment_state_display(), 18),
    Column(_("Bill"), lambda order: order.get_billing_state_display()),
    Column(_("Delivery"), lambda order: order.get_delivery_display(), 12),
    Column(_("Wanted by"), lambda order: order.wanted_by_date, 12),
    Column(_("Net"), _money("net"), 12),
    Column(_("Tax"), _money("tax"), 12),
    Column(_("Total"), _money("gross"), 12),
    Column(_("Paid"), _money("paid"), 12),
    Column(_("Currency"), lambda order: order.currency, 10),
    Column(_("Invoice"), lambda order: order.invoice_number, 18),
    Column(_("Credit note"), lambda order: order.credit_note_number, 18),
    Column(_("Placed by"), lambda order: order.placed_by.full_name, 24),
)


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


def _open(read: Callable[[Complaint], object]) -> Callable[[Complaint], object]:
    """What only a complaint that is not sealed says."""
    return lambda complaint: None if complaint.is_sealed else read(complaint)


# Of a sealed complaint the desk has number, customer, date and public state.
COMPLAINTS: tuple[Column[Complaint], ...] = (
    Column(_("Complaint"), lambda complaint: complaint.number, 14),
    Column(_("Logged"), lambda complaint: complaint.logged_at, 20),
    Column(_("Customer number"), _number),
    Column(_("Customer"), _name, 30),
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
