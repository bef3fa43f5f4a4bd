"""The columns in which figures and lists are exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.accounting.reports import ListedCreditNote, OpenInvoice
from backoffice.tickets.reports import ListedTicket
from frontdesk.reports import ListedMoney, ListedOrder
from officeflow.dashboards.stats import Figures
from officeflow.dashboards.visibility import VisibleHandoff
from officeflow.money import ZERO
from officeflow.ui.charts import DURATIONS, Chart, Measure, Number
from officeflow.ui.export import ExportColumn, amount


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One number of one chart."""

    figure: str
    label: str
    series: str
    value: Decimal | None
    unit: str


def figure_rows(figures: Figures) -> Iterator[FigureRow]:
    """Every number of every chart, each in a row of its own."""
    for chart in figures.charts:
        for index, label in enumerate(chart.labels):
            for series in chart.series:
                yield FigureRow(
                    figure=chart.title,
                    label=label.full,
                    series=series.name,
                    value=_number(chart, series.points[index].value),
                    unit=_unit(chart),
                )


def _number(chart: Chart, value: Number | None) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(str(value))
    if chart.measure == Measure.MONEY:
        return amount(exact, chart.currency)
    if chart.measure == Measure.SHARE:
        return round(exact * 100, 2)
    return round(exact, 3) if chart.measure in DURATIONS else exact


def _unit(chart: Chart) -> str:
    if chart.measure == Measure.MONEY:
        return chart.currency
    if chart.measure == Measure.SHARE:
        return "%"
    if chart.measure == Measure.OPENING_TIME:
        return _("seconds of opening time")
    return _("seconds") if chart.measure == Measure.DURATION else ""


FIGURE_COLUMNS: list[ExportColumn[FigureRow]] = [
    ExportColumn(gettext_lazy("Figure"), lambda row: row.figure, 32),
    ExportColumn(gettext_lazy("Of"), lambda row: row.label, 26),
    ExportColumn(gettext_lazy("Series"), lambda row: row.series, 18),
    ExportColumn(gettext_lazy("Value"), lambda row: row.value, 12),
    ExportColumn(gettext_lazy("Unit"), lambda row: row.unit, 10),
]

HANDOFF_COLUMNS: list[ExportColumn[VisibleHandoff]] = [
    ExportColumn(gettext_lazy("Hand-off"), lambda row: row.id, 10),
    ExportColumn(gettext_lazy("About"), lambda row: row.subject or "", 14),
    ExportColumn(gettext_lazy("What"), lambda row: row.title, 26),
    ExportColumn(gettext_lazy("Destination"), lambda row: row.destination.label, 14),
    ExportColumn(gettext_lazy("State"), lambda row: row.state.label, 12),
    ExportColumn(gettext_lazy("Posted"), lambda row: row.posted_at, 20),
    ExportColumn(gettext_lazy("Posted by"), lambda row: row.posted_by, 20),
    ExportColumn(gettext_lazy("Delivered"), lambda row: row.delivered_at, 20),
    ExportColumn(gettext_lazy("Accepted"), lambda row: row.accepted_at, 20),
    ExportColumn(gettext_lazy("Accepted by"), lambda row: row.accepted_by, 20),
    ExportColumn(gettext_lazy("Returned"), lambda row: row.returned_at, 20),
    ExportColumn(gettext_lazy("Attempts"), lambda row: row.attempts, 10),
]

TICKET_COLUMNS: list[ExportColumn[ListedTicket]] = [
    ExportColumn(gettext_lazy("Ticket"), lambda row: row.number, 12),
    ExportColumn(gettext_lazy("About"), lambda row: row.subject, 12),
    ExportColumn(gettext_lazy("Department"), lambda row: row.department.label, 14),
    ExportColumn(gettext_lazy("State"), lambda row: row.state.label, 18),
    ExportColumn(gettext_lazy("Assignee"), lambda row: row.assignee, 20),
    ExportColumn(gettext_lazy("Received"), lambda row: row.received_at, 20),
    ExportColumn(gettext_lazy("Due"), lambda row: row.due_at, 20),
    ExportColumn(gettext_lazy("Finished"), lambda row: row.closed_at, 20),
    ExportColumn(gettext_lazy("Late"), lambda row: row.is_late, 8),
]

OWED_COLUMNS: list[ExportColumn[OpenInvoice]] = [
    ExportColumn(gettext_lazy("Invoice"), lambda row: row.number, 18),
    ExportColumn(gettext_lazy("Order"), lambda row: row.order_number, 12),
    ExportColumn(gettext_lazy("Customer"), lambda row: row.customer, 24),
    ExportColumn(gettext_lazy("Issued"), lambda row: row.issued_date, 12),
    ExportColumn(gettext_lazy("State"), lambda row: row.state.label, 12),
    ExportColumn(gettext_lazy("Total"), lambda row: amount(row.gross, row.currency), 12),
    ExportColumn(gettext_lazy("Still owed"), lambda row: amount(row.owed, row.currency), 12),
    ExportColumn(gettext_lazy("Currency"), lambda row: row.currency, 10),
]


def order_columns(part: str) -> list[ExportColumn[ListedOrder]]:
    """The columns of orders, with one for what the figure counts of each, if it has a label."""
    if not part:
        return ORDER_COLUMNS
    counted = ExportColumn[ListedOrder](
        part, lambda row: amount(row.part or ZERO, row.currency), 12
    )
    return [*ORDER_COLUMNS, counted]


ORDER_COLUMNS: list[ExportColumn[ListedOrder]] = [
    ExportColumn(gettext_lazy("Order"), lambda row: row.number, 12),
    ExportColumn(gettext_lazy("Customer"), lambda row: row.customer, 24),
    ExportColumn(gettext_lazy("Ordered"), lambda row: row.ordered_at, 20),
    ExportColumn(gettext_lazy("State"), lambda row: row.state.label, 12),
    ExportColumn(gettext_lazy("Placed by"), lambda row: row.placed_by, 20),
    ExportColumn(gettext_lazy("Net"), lambda row: amount(row.net, row.currency), 12),
    ExportColumn(gettext_lazy("Total"), lambda row: amount(row.gross, row.currency), 12),
    ExportColumn(gettext_lazy("Currency"), lambda row: row.currency, 10),
]

MONEY_COLUMNS: list[ExportColumn[ListedMoney]] = [
    ExportColumn(gettext_lazy("Number"), lambda row: row.number, 12),
    ExportColumn(gettext_lazy("Order"), lambda row: row.order_number, 12),
    ExportColumn(gettext_lazy("Method"), lambda row: row.method, 14),
    ExportColumn(gettext_lazy("When"), lambda row: row.at, 20),
    ExportColumn(gettext_lazy("By"), lambda row: row.person, 20),
    ExportColumn(gettext_lazy("Amount"), lambda row: amount(row.amount, row.currency), 12),
    ExportColumn(gettext_lazy("Currency"), lambda row: row.currency, 10),
]

CREDIT_COLUMNS: list[ExportColumn[ListedCreditNote]] = [
    ExportColumn(gettext_lazy("Credit note"), lambda row: row.number, 18),
    ExportColumn(gettext_lazy("For invoice"), lambda row: row.invoice_number, 18),
    ExportColumn(gettext_lazy("Order"), lambda row: row.order_number, 12),
    ExportColumn(gettext_lazy("Customer"), lambda row: row.customer, 24),
    ExportColumn(gettext_lazy("Issued"), lambda row: row.issued_date, 12),
    ExportColumn(gettext_lazy("Net"), lambda row: amount(row.net, row.currency), 12),
    ExportColumn(gettext_lazy("Total"), lambda row: amount(row.gross, row.currency), 12),
    ExportColumn(gettext_lazy("Currency"), lambda row: row.currency, 10),
]
