"""Returned goods of an order log, imported as complaints that ask for a refund."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.order_log.import_context import ImportContext, find_or_add_customers, make_products
from frontdesk.order_log.lookups import ImportedRecord, Lookups
from frontdesk.order_log.rows import LogEntry
from frontdesk.orders.models import Order, OrderLine
from officeflow import limits
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.imports.registry import ImportJob
from officeflow.money import ZERO, amounts_of, format_money, format_quantity

MOST_LINES_SEARCHED = 200  # lines of earlier orders, the latest first
LEFT_OUT = re.compile(r"… \D*(\d+)")  # the last line of a shortened text


def check_entries(context: ImportContext) -> None:
    """Leaves out rows whose quantity is not below 0 or whose price is not above 0.

    One that is too large is a fault.
    """
    kept = []
    for entry in context.entries:
        if entry.quantity >= ZERO:
            context.leave_out(entry.number, _("Returned goods must have a quantity below 0."))
        elif entry.price <= ZERO:
            context.leave_out(entry.number, _("The price is 0: there is nothing to refund."))
        elif -entry.quantity > limits.QUANTITY or entry.amount > limits.AMOUNT:
            context.faults[entry.number] = _("The quantity or the amount is too large.")
        else:
            kept.append(entry)
    context.entries = kept


def match_imported_return(context: ImportContext, before: ImportedRecord | None) -> None:
    """Matches rows with a return imported before; refuses rows that are not part of it."""
    if before is None:
        context.hold_back()
        return
    for number, fault in context.faults.items():
        context.refuse(number, fault)
    left = Counter(before.text)
    left_out = sum(int(found[1]) for line in before.text if (found := LEFT_OUT.match(line)))
    for entry in context.entries:
        if left[return_text(entry)] > 0:
            left[return_text(entry)] -= 1
            context.existing(entry.number, before.number)
        elif left_out:
            left_out -= 1
            context.existing(entry.number, before.number)
        else:
            context.refuse(
                entry.number,
                _("%(complaint)s has already been imported without this line.")
                % {"complaint": before.number},
            )
    context.entries = []


def return_text(entry: LogEntry) -> str:
    """Returns the line about a row in the complaint's description."""
    price = format(entry.price.normalize(), "f")
    quantity = format(-entry.quantity.normalize(), "f")
    return f"{quantity} × {entry.sku} {entry.description}".rstrip() + f" ({price})"


def described(head: str, lines: Sequence[str]) -> str:
    """Returns the text of a complaint, which ends with the number of lines that do not fit."""
    full = "\n".join([head, *lines])
    if len(full) <= limits.TEXT:
        return full

    def shortened(kept: int) -> str:
        return "\n".join(
            [head, *lines[:kept], _("… and %(count)d more lines") % {"count": len(lines) - kept}]
        )

    fit = bisect_right(range(len(lines)), limits.TEXT, key=lambda kept: len(shortened(kept)))
    return shortened(fit - 1)


def worth(context: ImportContext, lookups: Lookups, job: ImportJob, office: Office) -> Decimal:
    """Returns what is to be refunded. Raises `Refused` for more than an amount can be."""
    products = {
        sku: lookups.products.get(sku) or lookups.new_product(sku, job)
        for sku in {entry.sku for entry in context.entries}
    }
    gross = sum(
        (_gross(entry, products[entry.sku], lookups, job, office) for entry in context.entries),
        ZERO,
    )
    if gross > limits.AMOUNT:
        raise Refused(_("The amount of the whole return is too large."))
    return gross


def log_return(context: ImportContext, lookups: Lookups, job: ImportJob, office: Office) -> None:
    """Logs a complaint about the entries, with their order if it can be found. Raises `Refused`."""
    if not context.entries:
        return
    amount = format_money(worth(context, lookups, job, office), office.currency)
    entries = context.entries
    new = {
        entry.sku: lookups.new_product(entry.sku, job)
        for entry in entries
        if entry.sku not in lookups.products
    }
    made = make_products([(context, product) for product in new.values()], lookups, job)
    (customer,) = find_or_add_customers([context], lookups, job)
    order, line = find_original_order(entries, customer, job.source)
    on = date_format(timezone.localtime(entries[0].at, office.zone), "DATE_FORMAT")
    pieces = format_quantity(-sum((entry.quantity for entry in entries), ZERO))
    complaint = raise_complaint(
        actor=job.actor,
        customer=customer,
        category=ComplaintCategory.GOODS,
        description=described(
            _("Goods returned on %(date)s (%(reference)s), %(pieces)s in all:")
            % {"date": on, "reference": context.unit.reference, "pieces": pieces},
            [return_text(entry) for entry in entries],
        ),
        desired_outcome=_("Refund of %(amount)s") % {"amount": amount},
        order=order,
        order_line=line,
        product=lookups.products[entries[0].sku]
        if len({each.sku for each in entries}) == 1
        else None,
        logged_at=min(entry.at for entry in entries),
        source=job.source,
        source_reference=context.unit.reference,
    )
    context.made["complaints"] += 1
    for entry in entries:
        context.imported(entry, complaint.number, made.get((context.first_row, entry.sku)))


def _gross(
    entry: LogEntry, product: Product, lookups: Lookups, job: ImportJob, office: Office
) -> Decimal:
    """Returns what the customer paid for returned goods."""
    return amounts_of(
        entry.amount,
        tax_rate=product.tax_rate.rate,
        currency=office.currency,
        includes_tax=lookups.prices_have_tax(job),
    ).gross


def find_original_order(
    entries: Sequence[LogEntry], customer: Customer | None, source: str
) -> tuple[Order | None, OrderLine | None]:
    """Returns the order that the goods came from, and its line if there is one product.

    The order is, of the customer's orders from the source before the return, the latest one that
    has most of the products. A walk-in's order cannot be found.
    """
    if customer is None:
        return None, None
    skus = {entry.sku for entry in entries}
    lines = list(
        OrderLine.objects.filter(
            order__customer=customer,
            order__source=source,
            order__ordered_at__lte=max(entry.at for entry in entries),
            sku__in=skus,
        )
        .select_related("order__customer")
        .order_by("-order__ordered_at", "-order_id", "position")[:MOST_LINES_SEARCHED]
    )
    by_order: dict[int, list[OrderLine]] = {}
    for line in lines:
        by_order.setdefault(line.order_id, []).append(line)
    if not by_order:
        return None, None
    # Of equal ones `max` returns the first, which is the latest order.
    best = max(by_order.values(), key=lambda found: len({line.sku for line in found}))
    return best[0].order, best[0] if len(skus) == 1 else None
