"""The columns of exported payments and refunds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontdesk.payments.models.payments import Payment, Refund
from officeflow.ui.export import Column, amount

PAYMENTS: tuple[Column[Payment], ...] = (
    Column(_("Payment"), lambda row: row.number, 14),
    Column(_("Taken"), lambda row: row.taken_at, 20),
    Column(_("Order"), lambda row: row.order.number, 14),
    Column(_("Customer"), lambda row: row.order.customer and row.order.customer.name, 30),
    Column(_("Method"), lambda row: row.method_name, 16),
    Column(_("Amount"), lambda row: amount(row.amount, row.order.currency), 12),
    Column(_("Currency"), lambda row: row.order.currency, 10),
    Column(_("Taken by"), lambda row: row.taken_by.full_name, 24),
)


REFUNDS: tuple[Column[Refund], ...] = (
    Column(_("Refund"), lambda row: row.number, 14),
    Column(_("Due"), lambda row: row.due_at, 20),
    Column(_("Paid back"), lambda row: row.paid_at, 20),
    Column(_("Order"), lambda row: row.order.number, 14),
    Column(_("Customer"), lambda row: row.order.customer and row.order.customer.name, 30),
    Column(_("Credit note"), lambda row: row.credit_note_number, 18),
    Column(_("Method"), lambda row: row.method_name, 16),
    Column(_("Amount"), lambda row: amount(row.amount, row.order.currency), 12),
    Column(_("Currency"), lambda row: row.order.currency, 10),
    Column(_("Paid by"), lambda row: row.paid_by.full_name if row.paid_by else "", 24),
)
