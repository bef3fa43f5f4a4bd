"""What an order log says was brought back: complaints about goods that ask for a refund."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Category
from frontdesk.customers.models import Customer
from frontdesk.order_log.import_context import ImportContext, find_or_add_customer, make_products
from frontdesk.order_log.lookups import Before, Lookups
from frontdesk.order_log.rows import Entry
from frontdesk.orders.models import Order, OrderLine
from officeflow.company.models import Office
from officeflow.imports.registry import ImportJob
from officeflow.money import ZERO, format_money, format_quantity, quantise

LOOKED_AT = 200  # lines of earlier orders, the latest first


def check(context: ImportContext) -> None:
    """Only goods that came back, at a price, can be refunded; other rows are refused."""
    kept = []
    for entry in context.entries:
        if entry.quantity >= ZERO:
            context.refuse(entry.number, _("Returned goods must have a quantity below 0."))
        elif entry.price <= ZERO:
            context.refuse(entry.number, _("The price is 0: there is nothing to refund."))
        else:
            kept.append(entry)
    context.entries = kept


def narrow(context: ImportContext, before: Before | None) -> None:
    """Of a return that was imported before: each row stands in it, or comes too late."""
    if before is None:
        return
    left = Counter(before.text)
    for entry in context.entries:
        if left[line_of(entry)] > 0:
            left[line_of(entry)] -= 1
            context.there(entry.number, before.number)
        else:
            context.refuse(
                entry.number,
                _("%(complaint)s has already been imported without this line.")
                % {"complaint": before.number},
            )
    context.entries = []


def line_of(entry: Entry) -> str:
    """One row of a return as the complaint says it."""
    price = format(entry.price.normalize(), "f")
    quantity = format(-entry.quantity.normalize(), "f")
    return f"{quantity} × {entry.sku} {entry.description}".rstrip() + f" ({price})"


def take(context: ImportContext, lookups: Lookups, job: ImportJob, office: Office) -> None:
    """Logs what is left of the return, about the order it came from where that can be told."""
    if not context.entries:
        return
    entries = context.entries
    new = {
        entry.sku: lookups.new_product(entry.sku, job)
        for entry in entries
        if entry.sku not in lookups.products
    }
    made = make_products(new.values(), context, lookups, job)
    customer = find_or_add_customer(context, lookups, job)
    order, line = bought_in(entries, customer, job.source)
    worth = quantise(
        sum((-entry.quantity * entry.price for entry in entries), ZERO), office.currency
    )
    amount = format_money(worth, office.currency)
    on = date_format(timezone.localtime(entries[0].at, office.zone), "DATE_FORMAT")
    pieces = format_quantity(-sum((entry.quantity for entry in entries), ZERO))
    complaint = raise_complaint(
        actor=job.actor,
        customer=customer,
        category=Category.GOODS,
        description="\n".join(
            [
                _("Goods returned on %(date)s (%(reference)s), %(pieces)s in all:")
                % {"date": on, "reference": context.unit.reference, "pieces": pieces},
                *(line_of(entry) for entry in entries),
            ]
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
        context.taken(entry.number, complaint.number, _("New product") if entry.sku in made else "")


def bought_in(
    entries: Sequence[Entry], customer: Customer | None, source: str
) -> tuple[Order | None, OrderLine | None]:
    """The order that the goods came from, and its line when they are of one product.

    It is the customer's latest order of the source, before the return, that has most of the
    products; of a walk-in nobody can tell.
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
        .order_by("-order__ordered_at", "-order_id", "position")[:LOOKED_AT]
    )
    by_order: dict[int, list[OrderLine]] = {}
    for line in lines:
        by_order.setdefault(line.order_id, []).append(line)
    if not by_order:
        return None, None
    # `max` keeps the first of those as good, which is the latest.
    best = max(by_order.values(), key=lambda found: len({line.sku for line in found}))
    return best[0].order, best[0] if len(skus) == 1 else None
