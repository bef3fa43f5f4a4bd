"""Orders of a file: matching those that were imported before, and writing the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from frontdesk.customers.models import Customer
from frontdesk.order_log import status
from frontdesk.order_log.import_context import ImportContext, find_or_add_customers, make_products
from frontdesk.order_log.lookups import ImportedRecord, Lookups
from frontdesk.order_log.order_amounts import OrderAmounts, new_line, share_discount
from frontdesk.order_log.rows import LogEntry
from frontdesk.orders.actions.place import (
    MOST_LINES_IMPORTED,
    ImportedOrder,
    check_is_active,
    place_orders,
    record_past_orders,
)
from frontdesk.orders.actions.pricing import (
    LineRefused,
    LineTotal,
    NewLine,
    check_prices_are_alike,
    price_line,
    price_lines,
)
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.imports.registry import (
    ImportJob,
)
from officeflow.money import ONE, ZERO

MOST_NOTES = 3500  # characters of an order


@dataclass(frozen=True)
class OrderToWrite:
    """An order that is not imported yet, with its lines, whose products may be unsaved."""

    context: ImportContext
    lines: Sequence[NewLine]
    is_past: bool

    @property
    def first(self) -> LogEntry:
        """The earliest entry of the order."""
        return min(self.context.entries, key=lambda entry: entry.at)

    @property
    def is_paid_elsewhere(self) -> bool:
        """Whether the file marks an order as paid that is placed here as unpaid."""
        return not self.is_past and is_paid(self.context)


def is_paid(context: ImportContext) -> bool:
    """Returns whether the file marks an order as paid."""
    return any(entry.payment == status.PAID for entry in context.entries)


def warn(context: ImportContext, *, is_past: bool) -> None:
    """Adds what the person has to look at before an order is imported."""
    said = []
    if is_past:
        if context.mark == status.OPEN:
            said.append(_("The file marks this order as open, but it is only recorded."))
    else:
        if context.mark == status.DONE:
            said.append(_("The file marks this order as done, but it is placed as new work."))
        if context.mark == status.PARTLY:
            said.append(
                _("The file marks a part of this order as done. All of it is placed as new work.")
            )
        if is_paid(context):
            said.append(_("Marked as paid in the file; take the payment at the desk."))
        if context.amounts.shipping and not context.delivery_addresses:
            said.append(
                _("The order has a shipping cost but no delivery address: it is for pick-up.")
            )
    if any(entry.payment == status.PARTLY_REFUNDED for entry in context.entries):
        said.append(_("Partly refunded in the file: the order here has its full amount."))
    if len(context.delivery_addresses) > 1:
        said.append(_("The rows name different delivery addresses. The first one is taken."))
    if context.entries:
        context.warnings += said


def check_entries(context: ImportContext) -> None:
    """Leaves out rows whose quantity or price is 0 or whose quantity is below 0.

    Without a price or total below 0 the order would cost another amount: such a row is a fault.
    """
    kept = []
    for entry in context.entries:
        if entry.quantity <= ZERO:
            context.leave_out(entry.number, _("The quantity must be more than 0."))
        elif entry.price == ZERO:
            context.leave_out(entry.number, _("The price is 0."))
        elif entry.price < ZERO:
            context.faults[entry.number] = _("The price is below 0.")
        elif entry.amount < ZERO:
            context.faults[entry.number] = _("The line total is below 0.")
        else:
            kept.append(entry)
    context.entries = kept


def match_imported_order(context: ImportContext, before: ImportedRecord) -> None:
    """Matches rows with an order imported before; refuses rows that are not lines of it."""
    for number, fault in context.faults.items():
        context.refuse(number, fault)
    left, pieces = Counter(before.lines), dict(before.pieces)
    for entry in context.entries:
        key = (entry.sku, entry.quantity, entry.amount)
        # A discount of the order has changed the prices of its lines.
        is_piece = context.amounts.discount and pieces.get(entry.sku, ZERO) >= entry.quantity
        if left[key] > 0 or is_piece:
            left[key] -= 1
            pieces[entry.sku] = pieces.get(entry.sku, ZERO) - entry.quantity
            context.existing(entry.number, before.number)
        else:
            context.refuse(
                entry.number,
                _("%(order)s has already been imported without this line.")
                % {"order": before.number},
            )
    context.entries = []


def checked_lines(
    context: ImportContext, lookups: Lookups, job: ImportJob, office: Office, *, is_past: bool
) -> list[NewLine]:
    """Returns the lines of an order after comparing its total, and says what is to be looked at.

    Raises `Refused` as `order_lines` and `compare_totals` do.
    """
    lines = order_lines(context, lookups, job, office, is_past=is_past)
    compare_totals(context, lines, office, is_past=is_past)
    warn(context, is_past=is_past)
    return lines


def order_lines(
    context: ImportContext,
    lookups: Lookups,
    job: ImportJob,
    office: Office,
    *,
    is_past: bool,
) -> list[NewLine]:
    """Returns the lines of the order; their products may be unsaved.

    They are its entries, less the discount of the order, and its shipping. Returns none and
    refuses all rows when one is not a valid line. Raises `Refused` for errors of the whole order.
    """
    if context.hold_back():
        return []
    if len(context.entries) > MOST_LINES_IMPORTED:
        raise Refused(
            _("An order can have at most %(most)d lines.") % {"most": MOST_LINES_IMPORTED}
        )
    if sum(map(len, context.notes)) > MOST_NOTES:
        raise Refused(_("%(column)s is too long.") % {"column": "Note"})
    if not is_past:
        for entry in context.entries:
            if known := lookups.customers.get(entry.customer.key):
                check_is_active(known)
    lines: list[NewLine] = []
    new: dict[str, Product] = {}
    has_tax = lookups.prices_have_tax(job)
    for entry in context.entries:
        product = lookups.products.get(entry.sku) or new.get(entry.sku)
        if product is None:
            product = new[entry.sku] = lookups.new_product(entry.sku, job)
        line = new_line(
            product,
            entry.quantity,
            LineTotal(entry.amount, has_tax),
            price=entry.price,
            discount_percent=entry.discount_percent,
        )
        try:
            price_line(0, line, office, is_past=is_past)
        except LineRefused as refused:
            context.faults[entry.number] = str(refused.message)
            continue
        lines.append(line)
    if context.hold_back() or not lines:
        return []
    check_prices_are_alike(lines)
    return _with_amounts(lines, context.amounts, lookups, job, office.currency)


def _with_amounts(
    lines: list[NewLine],
    amounts: OrderAmounts,
    lookups: Lookups,
    job: ImportJob,
    currency: str,
) -> list[NewLine]:
    """Returns lines less the discount of their order, and with its shipping.

    A discount that is more than the goods cost is one of the shipping too. Raises `Refused`.
    """
    if amounts.shipping < ZERO:
        raise Refused(_("Shipping cannot be below 0."))
    shipping = []
    if amounts.shipping:
        sku = amounts.shipping_sku
        shipping.append(
            new_line(
                lookups.products.get(sku) or lookups.new_product(sku, job, charge=amounts.shipping),
                ONE,
                LineTotal(amounts.shipping, lookups.prices_have_tax(job)),
            )
        )
    try:
        return [*share_discount(lines, amounts.discount, currency), *shipping]
    except Refused:
        return share_discount([*lines, *shipping], amounts.discount, currency)


def write_orders(orders: Sequence[OrderToWrite], lookups: Lookups, job: ImportJob) -> None:
    """Records the orders that are done, places the others, and adds what they need."""
    if not orders:
        return
    made = make_products(
        ((each.context, line.product) for each in orders for line in each.lines), lookups, job
    )
    customers = find_or_add_customers([each.context for each in orders], lookups, job)
    for is_past, write in ((True, record_past_orders), (False, place_orders)):
        wanted = [
            (each, customer)
            for each, customer in zip(orders, customers, strict=True)
            if each.is_past == is_past
        ]
        if not wanted:
            continue
        written = write(
            actor=job.actor,
            source=job.source,
            orders=[_imported_order(each, customer, lookups, job) for each, customer in wanted],
        )
        for (each, _customer), order in zip(wanted, written, strict=True):
            context = each.context
            context.made["past_orders" if is_past else "orders"] += 1
            for entry in context.entries:
                new = made.get((context.first_row, entry.sku))
                context.imported(entry, order.number, new)


def _imported_order(
    order: OrderToWrite, customer: Customer | None, lookups: Lookups, job: ImportJob
) -> ImportedOrder:
    words = [f"{job.source} {order.context.unit.reference}", order.first.customer.country]
    notes = [
        *order.context.notes,
        _("Marked as paid in the file.") if order.is_paid_elsewhere else "",
        ", ".join(filter(None, words)),
    ]
    return ImportedOrder(
        customer=customer,
        lines=[replace(line, product=lookups.products[line.product.sku]) for line in order.lines],
        ordered_at=order.first.at,
        note="\n".join(filter(None, notes)),
        delivery_address=next(iter(order.context.delivery_addresses), ""),
        source_reference=order.context.unit.reference,
    )


def compare_totals(
    context: ImportContext, lines: Sequence[NewLine], office: Office, *, is_past: bool
) -> None:
    """Prices an order as it will be stored, and compares its total with that in the file.

    Raises `Refused` for an order that cannot be stored.
    """
    if not lines:
        return
    priced = price_lines(lines, office, is_past=is_past)
    total = context.amounts.total
    if total is None:
        return
    gross = sum((line.amounts.gross for line in priced), ZERO)
    difference = context.amounts.difference(gross, office.currency)
    if difference:
        context.warnings.append(difference)
    context.sums = {
        "orders": ONE,
        "different": ONE if difference else ZERO,
        "in_file": total,
        "here": gross,
    }
