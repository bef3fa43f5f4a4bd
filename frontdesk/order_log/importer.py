"""Imports order logs, each order and each return in its own transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.order_log import returns
from frontdesk.order_log import rows as order_log
from frontdesk.order_log.history import DONE, OPEN, History
from frontdesk.order_log.import_context import ImportContext, find_or_add_customer, make_products
from frontdesk.order_log.lookups import (
    ImportedRecord,
    Lookups,
    imported_complaints,
    imported_orders,
)
from frontdesk.order_log.rows import BadRow, LogEntry, is_cancellation, read_entry
from frontdesk.orders.actions.place import MOST_LINES_IMPORTED, place_order, record_past_order
from frontdesk.orders.actions.pricing import PRICE_STEP, LineRefused, NewLine, price_line
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Refused
from officeflow.imports.dates import NotADate, TwoDates, read_date
from officeflow.imports.mapping import ColumnMapping, cells_of, date_order
from officeflow.imports.reading import Sample
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
OLD = timedelta(days=60)  # since the last order of a file, whose orders are probably done


class OrderLog(Importer):
    """Imports orders, and returned goods as complaints."""

    kind = order_log.KIND
    label = gettext_lazy("Orders")
    explanation = gettext_lazy(
        "One row for each line of an order. New orders are placed as at the counter, orders that "
        "are done are recorded. Returned goods become complaints that ask for a refund."
    )
    permission = Permission.IMPORT_ORDERS
    link_permission = Permission.VIEW_DESK
    icon = "order"
    columns = order_log.COLUMNS
    default_source = "other program"
    made_labels = {
        "orders": gettext_lazy("Orders"),
        "past_orders": gettext_lazy("Orders that are done"),
        "complaints": gettext_lazy("Complaints"),
        "products": gettext_lazy("New products"),
        "customers": gettext_lazy("New customers"),
    }

    has_history = True
    repeats_within = "Order number"
    repeated = order_log.REPEATED
    sources = {
        "Lineitem sku": "Shopify",
        "Lineitem name": "Shopify",
        "Quantity (- Refund)": "WooCommerce",
        "StockCode": "online-retail",
        "Sub-Category": "Superstore",
        "ShipVia": "Northwind",
        "ExtendedPrice": "Northwind",
    }

    def proposed_options(self, sample: Sample, mapping: ColumnMapping) -> dict[str, Any]:
        """Proposes that the orders of an old file are done."""
        places = mapping.columns.get("Ordered at", [])[:1]
        order = date_order(sample, places)
        latest = date.min
        for place in places:
            for text in cells_of(sample, place):
                with suppress(NotADate, TwoDates):
                    latest = max(latest, read_date(text, order).date())
        is_old = date.min < latest < office_date(timezone.now(), get_office()) - OLD
        return History(DONE if is_old else OPEN).as_json()

    def checked_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Returns which orders are done already. Raises `Refused` (field `options`)."""
        return History.read(options).as_json()

    def reference_of(self, row: FileRow) -> str:
        """Returns the order's number."""
        return order_log.clean_reference(row["Order number"])

    def comes_last(self, reference: str) -> bool:
        """Returns whether it is a return, which may refer to an order of the file."""
        return is_cancellation(reference)

    def facts(self, rows: Iterable[FileRow], job: ImportJob) -> dict[str, Any]:
        """Returns names and prices of all products in the file, and its first and last day."""
        office = get_office()
        days: list[str] = []

        def entries() -> Iterator[LogEntry]:
            for row in rows:
                try:
                    entry = read_entry(row, office)
                except BadRow:
                    continue
                day = entry.at.astimezone(office.zone).date().isoformat()
                days[:] = [min(day, *days[:1]), max(day, *days[1:])] if days else [day, day]
                yield entry

        return {"products": order_log.products_in_file(entries()), "days": days}

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns sentences about the prices and the salesperson."""
        prices = Lookups.of(job).shop_prices()
        words = {"currency": get_office().currency, "who": str(job.actor)}
        with_tax = _("Prices are in %(currency)s and include tax, like your shop prices.")
        without = _("Prices are in %(currency)s without tax, like your shop prices.")
        history = History.read(job.options)
        return [
            (with_tax if prices.includes_tax else without) % words,
            _("The orders count as sold by %(who)s.") % words,
            history.sentence(),
        ]

    def link(self, reference: str) -> str:
        """Returns the address of an order's or a complaint's page."""
        name = "frontdesk:complaint" if reference.startswith("CP-") else "frontdesk:order"
        return reverse(name, args=[reference])

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what would become of each row; looks up all records of the file at once."""
        office = get_office()
        history = History.read(job.options)
        read = [self._read(unit, office) for unit in units]
        references = [unit.reference for unit in units]
        orders = imported_orders(references, job.source)
        complaints = imported_complaints(references, job.source)
        lookups = Lookups.of(job)
        lookups.look_up((entry for context in read for entry in context.entries), job.source)
        return [
            self._preview_unit(context, orders, complaints, lookups, job, office, history)
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
        history: History,
    ) -> UnitResult:
        reference = context.unit.reference
        if is_cancellation(reference):
            if history.is_past(context, office):
                return refuse_all(context.unit, _past_return())
            returns.match_imported_return(context, complaints.get(reference))
        elif reference in orders:
            _match_imported_order(context, orders[reference])
        else:
            try:
                self._lines(context, lookups, job, office, is_past=history.is_past(context, office))
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
        is_past = History.read(job.options).is_past(context, office)
        if is_cancellation(unit.reference):
            if is_past:
                return refuse_all(unit, _past_return())
            before = imported_complaints([unit.reference], job.source)
            returns.match_imported_return(context, before.get(unit.reference))
            returns.log_return(context, lookups, job, office)
            return context.result
        before = imported_orders([unit.reference], job.source)
        if unit.reference in before:
            _match_imported_order(context, before[unit.reference])
            return context.result
        lines = self._lines(context, lookups, job, office, is_past=is_past)
        if lines:
            self._place(context, lines, lookups, job, is_past=is_past)
        return context.result

    def _read(self, unit: FileUnit, office: Office) -> ImportContext:
        """Returns the unit with its valid entries; the results of other rows are refusals."""
        context = ImportContext(unit)
        if not unit.reference:
            for row in unit.rows:
                context.refuse(row.number, _("%(column)s is empty.") % {"column": "Order number"})
            return context
        if len(unit.reference) > MOST_REFERENCE:
            for row in unit.rows:
                context.refuse(
                    row.number, _("%(column)s is too long.") % {"column": "Order number"}
                )
            return context
        for row in unit.rows:
            try:
                context.entries.append(read_entry(row, office))
            except BadRow as bad:
                context.refuse(row.number, str(bad))
        _one_customer(context)
        if is_cancellation(unit.reference):
            returns.check_entries(context)
        else:
            _check_lines(context)
        return context

    def _lines(
        self,
        context: ImportContext,
        lookups: Lookups,
        job: ImportJob,
        office: Office,
        *,
        is_past: bool,
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
            line = NewLine(
                product=product,
                quantity=entry.quantity,
                unit_price=entry.price,
                discount_percent=entry.discount_percent,
            )
            try:
                price_line(0, line, office, is_past=is_past)
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
        self,
        context: ImportContext,
        lines: Sequence[NewLine],
        lookups: Lookups,
        job: ImportJob,
        *,
        is_past: bool,
    ) -> None:
        first = min(context.entries, key=lambda entry: entry.at)
        made = make_products((line.product for line in lines), context, lookups, job)
        known = [replace(line, product=lookups.products[line.product.sku]) for line in lines]
        write = record_past_order if is_past else place_order
        order = write(
            actor=job.actor,
            customer=find_or_add_customer(context, lookups, job),
            lines=known,
            note=", ".join(
                filter(None, [f"{job.source} {context.unit.reference}", first.customer.country])
            ),
            ordered_at=first.at,
            source=job.source,
            source_reference=context.unit.reference,
        )
        context.made["past_orders" if is_past else "orders"] += 1
        for entry in context.entries:
            context.imported(
                entry.number, order.number, _("New product") if entry.sku in made else ""
            )


def _past_return() -> str:
    return _("Goods that were returned before the import need no work, and are not imported.")


def _one_customer(context: ImportContext) -> None:
    """Refuses rows of another customer than the first one of the order."""
    first = next((entry.customer.key for entry in context.entries if entry.customer.key), "")
    kept = []
    for entry in context.entries:
        if entry.customer.key in ("", first):
            kept.append(entry)
        else:
            context.refuse(
                entry.number,
                _("The order belongs to customer %(first)s, but this row names %(other)s.")
                % {"first": first, "other": entry.customer.key},
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
        key = (entry.sku, entry.quantity, entry.price.quantize(PRICE_STEP, rounding=ROUND_HALF_UP))
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
