"""The columns of exported commissions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backoffice.hr.models import Commission
from officeflow.ui.export import ExportColumn, amount, percent

COMMISSIONS: tuple[ExportColumn[Commission], ...] = (
    ExportColumn(_("Earned"), lambda row: row.earned_date, 12),
    ExportColumn(_("Salesperson"), lambda row: row.salesperson.full_name, 24),
    ExportColumn(_("Order"), lambda row: row.order_number, 14),
    ExportColumn(_("Net total"), lambda row: amount(row.net, row.currency), 12),
    ExportColumn(_("Rate in percent"), lambda row: percent(row.rate), 14),
    ExportColumn(_("Commission"), lambda row: amount(row.amount, row.currency), 12),
    ExportColumn(_("Currency"), lambda row: row.currency, 10),
    ExportColumn(_("Reversed"), lambda row: row.reverses_id is not None, 12),
)
