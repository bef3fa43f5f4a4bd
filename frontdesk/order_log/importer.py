"""Imports order logs: each order with its lines, and each return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontdesk.order_log import orders, price_evidence, returns, status
from frontdesk.order_log.announced import Announced
from frontdesk.order_log.columns import COLUMNS, REPEATED
from frontdesk.order_log.history import DONE, MARKED, OPEN, History
from frontdesk.order_log.import_context import CONTEXTS, ImportContext
from frontdesk.order_log.lookups import Lookups
from frontdesk.order_log.marks import marks_in_sample, sentence_about_marks
from frontdesk.order_log.order_amounts import OrderAmounts, amount_faults
from frontdesk.order_log.row_costs import BadRow, LeftOut
from frontdesk.order_log.rows import (
    KIND,
    LogEntry,
    clean_reference,
    is_cancellation,
    products_in_file,
    read_entry,
)
from frontdesk.order_log.status import mark_of_order
from frontdesk.order_log.total_columns import totals_of_orders
from officeflow.catalogue.queries import own_prices_have_tax
from officeflow.company.models import Office
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Refused
from officeflow.imports import prices
from officeflow.imports.dates import NotADate, TwoDates, office_order, read_date
from officeflow.imports.mapping import ColumnMapping, cells_of, date_order
from officeflow.imports.reading import Sample
from officeflow.imports.registry import (
    FileRow,
    FileUnit,
    Importer,
    ImportJob,
    Totals,
    UnitResult,
    refuse_all,
    register,
)
from officeflow.money import format_money
from officeflow.permissions import Permission

MOST_REFERENCE = 60
ANNOUNCED = "announced"  # in `ImportJob.memory`, of a preview
OLD = timedelta(days=7)  # since the last order of a file, whose orders are probably done


class OrderLog(Importer):
    """Imports orders, and returned goods as complaints."""

    kind = KIND
    label = gettext_lazy("Orders")
    explanation = gettext_lazy(
        "One row for each line of an order. New orders are placed as at the counter. Orders that "
        "are done are recorded. Returned goods become complaints that ask for a refund."
    )
    permission = Permission.IMPORT_ORDERS
    link_permission = Permission.VIEW_DESK
    icon = "order"
    columns = COLUMNS
    default_source = "other program"
    made_labels = {
        "orders": gettext_lazy("Orders"),
        "past_orders": gettext_lazy("Orders that are done"),
        "complaints": gettext_lazy("Complaints"),
        "products": gettext_lazy("New products"),
        "customers": gettext_lazy("New customers"),
    }

    has_history = True
    keeps_faults = True
    imports_many = True
    repeats_within = "Order number"
    repeated = REPEATED
    sources = {
        "Lineitem sku": "Shopify",
        "Lineitem name": "Shopify",
        "Quantity (- Refund)": "WooCommerce",
        "StockCode": "online-retail",
        "Sub-Category": "Superstore",
        "ShipVia": "Northwind",
        "ExtendedPrice": "Northwind",
    }
    # These prices are already less the discounts of the order.
    ignored_beside = {"Item cost": ("Cart discount amount", "Discount amount")}

    def settled(self, sample: Sample, mapping: ColumnMapping) -> ColumnMapping:
        """Reads a total that all rows of an order repeat as the order's, not the line's."""
        return totals_of_orders(sample, mapping)

    def proposed_options(self, sample: Sample, mapping: ColumnMapping) -> dict[str, Any]:
        """Proposes which orders are done, and what the totals of the file show of tax.

        They are those that the file marks as done; without marks, all orders of an old file.
        """
        places = mapping.columns.get("Ordered at", [])[:1]
        order = date_order(sample, places) or office_order()
        latest = date.min
        for place in places:
            for text in cells_of(sample, place, most=len(sample.lines)):
                with suppress(NotADate, TwoDates):
                    latest = max(latest, read_date(text, order).date())
        is_old = date.min < latest < office_date(timezone.now(), get_office()) - OLD
        marks = Counter(marks_in_sample(sample, mapping).values())
        # Of an old file, orders without a mark are rather done than open.
        is_marked = marks[status.DONE] or marks[status.OPEN]
        if is_marked and not (is_old and marks[""] and not marks[status.OPEN]):
            which = MARKED
        else:
            which = DONE if is_old else OPEN
        found = History(which).as_json()
        if (has_tax := price_evidence.prices_have_tax(self, sample, mapping)) is not None:
            found[prices.OPTION] = prices.option_for(has_tax)
        return found

    def history_note(self, sample: Sample, mapping: ColumnMapping) -> str:
        """Returns how many of the first orders the file marks as done."""
        marks = Counter(marks_in_sample(sample, mapping).values())
        return sentence_about_marks(marks[status.DONE], marks.total())

    def checked_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Returns which orders are done, and the choice of prices. Raises `Refused`."""
        return {**History.read(options).as_json(), **prices.checked_prices(options)}

    def own_prices_have_tax(self) -> bool:
        """Returns whether the office's shop prices include tax."""
        return own_prices_have_tax()

    def price_samples(self, sample: Sample, mapping: ColumnMapping) -> dict[str, list[str]]:
        """Returns what the first orders would cost by each choice, beside their totals."""
        return price_evidence.price_samples(self, sample, mapping)

    def reference_of(self, row: FileRow) -> str:
        """Returns the order's number."""
        return clean_reference(row["Order number"])

    def comes_last(self, reference: str) -> bool:
        """Returns whether it is a return, which may refer to an order of the file."""
        return is_cancellation(reference)

    def facts(self, rows: Iterable[FileRow], job: ImportJob) -> dict[str, Any]:
        """Returns names and prices of all products in the file, and its first and last day.

        With them come the numbers of its orders and of those that it marks as done.
        """
        office = get_office()
        days: list[str] = []
        marks: dict[str, str] = {}

        def entries() -> Iterator[LogEntry]:
            for row in rows:
                try:
                    entry = read_entry(row, office)
                except BadRow:
                    continue
                reference = self.reference_of(row)
                marks[reference] = mark_of_order([marks.get(reference, ""), entry.mark])
                day = entry.at.astimezone(office.zone).date().isoformat()
                days[:] = [min(day, *days[:1]), max(day, *days[1:])] if days else [day, day]
                yield entry

        found = products_in_file(entries())
        done = sum(1 for mark in marks.values() if mark == status.DONE)
        return {"products": found, "days": days, "orders": len(marks), "marked_done": done}

    def totals(self, sums: Mapping[str, Decimal]) -> Totals | None:
        """Returns the totals of the orders whose total the file has."""
        if not sums.get("orders"):
            return None
        currency = get_office().currency
        return Totals(
            in_file=format_money(sums["in_file"], currency),
            here=format_money(sums["here"], currency),
            compared=int(sums["orders"]),
            different=int(sums["different"]),
        )

    def remarks(self, job: ImportJob) -> list[str]:
        """Returns sentences about the prices and the salesperson."""
        history = History.read(job.options)
        marks = sentence_about_marks(job.facts.get("marked_done", 0), job.facts.get("orders", 0))
        return [
            prices.sentence(job.options, self.own_prices_have_tax(), get_office().currency),
            _("The orders count as sold by %(who)s.") % {"who": str(job.actor)},
            history.sentence(),
            *([marks] if marks else []),
            *_sentences_about_amounts(job),
        ]

    def link(self, reference: str) -> str:
        """Returns the address of an order's or a complaint's page."""
        name = "frontdesk:complaint" if reference.startswith("CP-") else "frontdesk:order"
        return reverse(name, args=[reference])

    def preview(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Returns what would become of each row; looks up all records of the file at once."""
        office = get_office()
        announced = job.memory.get(ANNOUNCED, Announced())
        job.memory.clear()  # otherwise no unit depends on those before it
        job.memory[ANNOUNCED] = announced
        self.prepare(units, job)
        contexts, lookups = job.memory[CONTEXTS], Lookups.of(job)
        return [
            self._preview_unit(contexts[unit.rows[0].number], lookups, job, office)
            for unit in units
        ]

    def _preview_unit(
        self, context: ImportContext, lookups: Lookups, job: ImportJob, office: Office
    ) -> UnitResult:
        reference = context.unit.reference
        is_past = History.read(job.options).is_past(context, office)
        if is_cancellation(reference):
            if is_past:
                return refuse_all(context.unit, _past_return())
            returns.match_imported_return(context, lookups.complaints.get(reference))
            try:
                returns.worth(context, lookups, job, office)
            except Refused as refused:
                return refuse_all(context.unit, str(refused.message))
        elif reference in lookups.orders:
            orders.match_imported_order(context, lookups.orders[reference])
        else:
            try:
                orders.checked_lines(context, lookups, job, office, is_past=is_past)
            except Refused as refused:
                return refuse_all(context.unit, str(refused.message))
        announced: Announced = job.memory[ANNOUNCED]
        for entry in context.entries:
            is_new = announced.brings_product(context, entry.sku, lookups)
            context.imported(entry, "", lookups.new_product(entry.sku, job) if is_new else None)
        if context.entries and context.amounts.shipping:
            announced.brings_product(context, context.amounts.shipping_sku, lookups)
        if new_customer := announced.new_customer(context, lookups):
            first = min(each.number for each in context.entries)
            context.say(first, _("New customer: %(name)s") % {"name": new_customer})
        return context.result

    def prepare(self, units: Sequence[FileUnit], job: ImportJob) -> None:
        """Reads the units, and looks up their products, customers and imported records."""
        office = get_office()
        read = [self._read(unit, office) for unit in units]
        job.memory[CONTEXTS] = {context.unit.rows[0].number: context for context in read}
        lookups = Lookups.of(job)
        lookups.look_up_imported([unit.reference for unit in units], job)
        lookups.look_up(
            (entry for context in read for entry in context.entries),
            job.source,
            {context.amounts.shipping_sku for context in read if context.amounts.shipping},
        )

    def import_unit(self, unit: FileUnit, job: ImportJob) -> UnitResult:
        """Places the order or logs the return, and adds missing products and customers."""
        return self.import_units([unit], job)[0]

    def import_units(self, units: Sequence[FileUnit], job: ImportJob) -> list[UnitResult]:
        """Does what `import_unit` does for several orders and returns, the orders first."""
        office, lookups = get_office(), Lookups.of(job)
        history = History.read(job.options)
        contexts: list[ImportContext] = [
            job.memory[CONTEXTS].pop(unit.rows[0].number) for unit in units
        ]
        to_write: list[orders.OrderToWrite] = []
        for context in contexts:
            if is_cancellation(context.unit.reference):
                continue
            is_past = history.is_past(context, office)
            if context.unit.reference in lookups.orders:
                orders.match_imported_order(context, lookups.orders[context.unit.reference])
                continue
            try:
                lines = orders.checked_lines(context, lookups, job, office, is_past=is_past)
            except Refused as refused:
                context.refuse_all(str(refused.message))
                continue
            if lines:
                to_write.append(orders.OrderToWrite(context, lines, is_past))
        orders.write_orders(to_write, lookups, job)
        for context in contexts:
            reference = context.unit.reference
            if is_cancellation(reference) and history.is_past(context, office):
                context.refuse_all(_past_return())
            elif is_cancellation(reference):
                returns.match_imported_return(context, lookups.complaints.get(reference))
                try:
                    returns.log_return(context, lookups, job, office)
                except Refused as refused:
                    context.refuse_all(str(refused.message))
        return [context.result for context in contexts]

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
            reasons = [] if row.fault else amount_faults(row)
            try:
                context.entries.append(read_entry(row, office))
            except LeftOut as left_out:
                context.leave_out(row.number, str(left_out))
                continue
            except BadRow as bad:
                reasons.insert(0, str(bad))
            if reasons:
                context.faults[row.number] = " ".join(reasons)
        context.entries = [each for each in context.entries if each.number not in context.faults]
        with suppress(BadRow):  # then the order is held back
            context.amounts = OrderAmounts.of(unit.rows, office.currency)
        _one_customer(context)
        if is_cancellation(unit.reference):
            returns.check_entries(context)
        else:
            orders.check_entries(context)
        return context


def _sentences_about_amounts(job: ImportJob) -> list[str]:
    found = []
    if "Order discount" in job.columns:
        found.append(
            _(
                "A discount of a whole order is shared among its lines in proportion to their "
                "amounts, to the cent."
            )
        )
    if "Shipping cost" in job.columns:
        found.append(
            _(
                "Shipping becomes a line of the order with the product of “Shipping code”, else "
                "SHIPPING."
            )
        )
    return found


def _past_return() -> str:
    return _("Goods that were returned before the import need no work, and are not imported.")


def _one_customer(context: ImportContext) -> None:
    """Adds a fault for rows of another customer than the first one of the order."""
    first = next((entry.customer.key for entry in context.entries if entry.customer.key), "")
    kept = []
    for entry in context.entries:
        if entry.customer.key in ("", first):
            kept.append(entry)
        else:
            context.faults[entry.number] = _(
                "The order belongs to customer %(first)s, but this row names %(other)s."
            ) % {"first": first, "other": entry.customer.key}
    context.entries = kept


register(OrderLog())
