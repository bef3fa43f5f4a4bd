"""Imports order logs, each order and each return in its own transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.order_log import returns
from frontdesk.order_log import rows as order_log
from frontdesk.order_log.import_context import ImportContext, find_or_add_customer, make_products
from frontdesk.order_log.lookups import (
    ImportedRecord,
    Lookups,
    imported_complaints,
    imported_orders,
)
from frontdesk.order_log.rows import BadRow, LogEntry, is_cancellation, read_entry
from frontdesk.orders.actions import (
    MOST_LINES_IMPORTED,
    LineRefused,
    NewLine,
    place_order,
    price_line,
)
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    Importer,
    ImportJob,
    UnitResult,
    refuse_all,
    register,
)
from officeflow.money import ZERO
from officeflow.permissions import Permission

MOST_REFERENCE = 60


class OrderLog(Importer):
    """Imports orders, and returned goods as complaints."""

    kind = order_log.KIND
    label = gettext_lazy("Orders")
    explanation = gettext_lazy(
        "An order log with one row for each order line. Orders are placed as at the counter. "
        "Returned goods become complaints that ask for a refund."
    )
    permission = Permission.IMPORT_ORDERS
    link_permission = Permission.VIEW_DESK
    icon = "order"
    columns = order_log.COLUMNS
    default_source = "online-retail"
    made_labels = {
        "orders": gettext_lazy("Orders"),
        "complaints": gettext_lazy("Complaints"),
        "products": gettext_lazy("New products"),
        "customers": gettext_lazy("New customers"),
    }

    def group(self, rows: Sequence[FileRow]) -> list[FileUnit]:
        """Returns a unit for each order and each return; returns come last."""
        return order_log.group(rows)

    def facts(self, rows: Sequence[FileRow]) -> dict[str, Any]:
        """Returns names and prices of all products in the file, and its first and last day."""
        zone = get_office().zone
        entries = []
        for row in rows:
            try:
                entries.append(read_entry(row, zone))
            except BadRow:
                continue
        days = [entry.at.astimezone(zone).date().isoformat() for entry in entries]
        return {
            "products": order_log.products_in_file(entries),
            "days": [min(days), max(days)] if days else [],
        }

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns sentences about the prices and the salesperson."""
        prices = Lookups.of(job).shop_prices()
        words = {"currency": get_office().currency, "who": str(job.actor)}
        with_tax = _("Prices are in %(currency)s and include tax, like your shop prices.")
        without = _("Prices are in %(currency)s without tax, like your shop prices.")
        return [
            (with_tax if prices.includes_tax else without) % words,
            _("The orders count as sold by %(who)s. Invoices are dated today.") % words,
        ]

    def link(self, reference: str) -> str:
        """Returns the address of an order's or a complaint's page."""
        name = "frontdesk:complaint" if reference.startswith("CP-") else "frontdesk:order"
        return reverse(name, args=[reference])

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what would become of each row; looks up all records of the file at once."""
        office = get_office()
        read = [self._read(unit, office) for unit in units]
        references = [unit.reference for unit in units]
        orders = imported_orders(references, job.source)
        complaints = imported_complaints(references, job.source)
        lookups = Lookups.of(job)
        lookups.look_up((entry for context in read for entry in context.entries), job.source)
        return [
            self._preview_unit(context, orders, complaints, lookups, job, office)
            for context in read
        ]

    def _preview_unit(
        self,
        context: ImportContext,
        orders: dict[str, ImportedRecord],
        complaints: dict[str, ImportedRecord],
        lookups: Lookups,
        job: ImportJob,
        office: Office,
    ) -> UnitResult:
        reference = context.unit.reference
        if is_cancellation(reference):
            returns.match_imported_return(context, complaints.get(reference))
        elif reference in orders:
            _match_imported_order(context, orders[reference])
        else:
            try:
                self._lines(context, lookups, job, office)
            except Refused as refused:
                return refuse_all(context.unit, str(refused.message))
        for entry in context.entries:
            is_new = entry.sku not in lookups.products
            context.imported(entry.number, "", _("New product") if is_new else "")
        return context.result

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Places the order or logs the return, and adds missing products and customers."""
        office = get_office()
        context = self._read(unit, office)
        lookups = Lookups.of(job)
        lookups.look_up(context.entries, job.source)
        if is_cancellation(unit.reference):
            before = imported_complaints([unit.reference], job.source)
            returns.match_imported_return(context, before.get(unit.reference))
            returns.log_return(context, lookups, job, office)
            return context.result
        before = imported_orders([unit.reference], job.source)
        if unit.reference in before:
            _match_imported_order(context, before[unit.reference])
            return context.result
        lines = self._lines(context, lookups, job, office)
        if lines:
            self._place(context, lines, lookups, job)
        return context.result

    def _read(self, unit: FileUnit, office: Office) -> ImportContext:
        """Returns the unit with its valid entries; the results of other rows are refusals."""
        context = ImportContext(unit)
        if not unit.reference:
            for row in unit.rows:
                context.refuse(row.number, _("InvoiceNo is empty."))
            return context
        if len(unit.reference) > MOST_REFERENCE:
            for row in unit.rows:
                context.refuse(row.number, _("InvoiceNo is too long."))
            return context
        for row in unit.rows:
            try:
                context.entries.append(read_entry(row, office.zone))
            except BadRow as bad:
                context.refuse(row.number, str(bad))
        _one_customer(context)
        if is_cancellation(unit.reference):
            returns.check_entries(context)
        else:
            _check_lines(context)
        return context

    def _lines(
        self, context: ImportContext, lookups: Lookups, job: ImportJob, office: Office
    ) -> list[NewLine]:
        """Returns the entries as order lines; their products may be unsaved.

        Refuses each row that is not a valid line. Raises `Refused` for errors of the whole order.
        """
        if len(context.entries) > MOST_LINES_IMPORTED:
            raise Refused(
                _("An order can have at most %(most)d lines.") % {"most": MOST_LINES_IMPORTED}
            )
        lines: list[NewLine] = []
        kept: list[LogEntry] = []
        new: dict[str, Product] = {}
        for entry in context.entries:
            product = lookups.products.get(entry.sku) or new.get(entry.sku)
            if product is None:
                product = new[entry.sku] = lookups.new_product(entry.sku, job)
            line = NewLine(product=product, quantity=entry.quantity, unit_price=entry.price)
            try:
                price_line(0, line, office)
            except LineRefused as refused:
                context.refuse(entry.number, str(refused.message))
                continue
            lines.append(line)
            kept.append(entry)
        if len({line.product.price_list.includes_tax for line in lines}) > 1:
            raise Refused(_("Prices with tax and prices without tax cannot be mixed in one order."))
        context.entries = kept
        return lines

    def _place(
        self, context: ImportContext, lines: Sequence[NewLine], lookups: Lookups, job: ImportJob
    ) -> None:
        first = min(context.entries, key=lambda entry: entry.at)
        made = make_products((line.product for line in lines), context, lookups, job)
        order = place_order(
            actor=job.actor,
            customer=find_or_add_customer(context, lookups, job),
            lines=[
                NewLine(
                    product=lookups.products[line.product.sku],
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                )
                for line in lines
            ],
            note=", ".join(filter(None, [f"{job.source} {context.unit.reference}", first.country])),
            ordered_at=first.at,
            source=job.source,
            source_reference=context.unit.reference,
        )
        context.made["orders"] += 1
        for entry in context.entries:
            context.imported(
                entry.number, order.number, _("New product") if entry.sku in made else ""
            )


def _one_customer(context: ImportContext) -> None:
    """Refuses rows of another customer than the first one of the order."""
    first = next((entry.customer for entry in context.entries if entry.customer), "")
    kept = []
    for entry in context.entries:
        if entry.customer in ("", first):
            kept.append(entry)
        else:
            context.refuse(
                entry.number,
                _("The order belongs to customer %(first)s, but this row names %(other)s.")
                % {"first": first, "other": entry.customer},
            )
    context.entries = kept


def _check_lines(context: ImportContext) -> None:
    """Refuses rows whose quantity or price is not above 0."""
    kept = []
    for entry in context.entries:
        if entry.quantity <= ZERO:
            context.refuse(entry.number, _("The quantity must be more than 0."))
        elif entry.price == ZERO:
            context.refuse(entry.number, _("The price is 0."))
        elif entry.price < ZERO:
            context.refuse(entry.number, _("The price is below 0."))
        else:
            kept.append(entry)
    context.entries = kept


def _match_imported_order(context: ImportContext, before: ImportedRecord) -> None:
    """Matches rows with an order imported before; refuses rows that are not lines of it."""
    left = Counter(before.lines)
    for entry in context.entries:
        key = (entry.sku, entry.quantity, entry.price.quantize(Decimal("0.0001")))
        if left[key] > 0:
            left[key] -= 1
            context.existing(entry.number, before.number)
        else:
            context.refuse(
                entry.number,
                _("%(order)s has already been imported without this line.")
                % {"order": before.number},
            )
    context.entries = []


register(OrderLog())
