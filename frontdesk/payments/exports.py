"""The columns of exported payments and refunds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from frontdesk.payments.models.payments import Payment, Refund
from officeflow.ui.export import ExportColumn, amount


def _earlier_methods(row: Payment) -> str:
    return ", ".join(each.previous_method_name for each in row.corrections.all())


PAYMENTS: tuple[ExportColumn[Payment], ...] = (
    ExportColumn(_("Payment"), lambda row: row.number, 14),
    ExportColumn(_("Taken"), lambda row: row.taken_at, 20),
    ExportColumn(_("Order"), lambda row: row.order.number, 14),
    ExportColumn(_("Customer"), lambda row: row.order.customer and row.order.customer.name, 30),
    ExportColumn(_("Method"), lambda row: row.method_name, 16),
    ExportColumn(_("Amount"), lambda row: amount(row.amount, row.order.currency), 12),
    ExportColumn(_("Currency"), lambda row: row.order.currency, 10),
    ExportColumn(_("Cash given"), lambda row: amount(row.cash_given, row.order.currency), 12),
    ExportColumn(_("Change"), lambda row: amount(row.change_given, row.order.currency), 12),
    ExportColumn(_("Corrected from"), _earlier_methods, 16),
    ExportColumn(_("Taken by"), lambda row: row.taken_by.full_name, 24),
)


REFUNDS: tuple[ExportColumn[Refund], ...] = (
    ExportColumn(_("Refund"), lambda row: row.number, 14),
    ExportColumn(_("Due"), lambda row: row.due_at, 20),
    ExportColumn(_("Paid back"), lambda row: row.paid_at, 20),
    ExportColumn(_("Order"), lambda row: row.order.number, 14),
    ExportColumn(_("Customer"), lambda row: row.order.customer and row.order.customer.name, 30),
    ExportColumn(_("Credit note"), lambda row: row.credit_note_number, 18),
    ExportColumn(_("Method"), lambda row: row.method_name, 16),
    ExportColumn(_("Amount"), lambda row: amount(row.amount, row.order.currency), 12),
    ExportColumn(_("Currency"), lambda row: row.order.currency, 10),
    ExportColumn(_("Paid by"), lambda row: row.paid_by.full_name if row.paid_by else "", 24),
)
