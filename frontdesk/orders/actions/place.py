"""Placing orders, and recording orders done in another program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.customers.actions.merge import resolve_all_merged
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.pricing import NewLine, PricedLine, check_seen_prices, price_lines
from frontdesk.orders.messages import mail_order_placed
from frontdesk.orders.models import Delivery, Order, OrderLine, OrderPeriod
from frontdesk.orders.states import OrderState
from officeflow import limits
from officeflow.audit.actions import record, record_in_batches
from officeflow.catalogue.models import Kind
from officeflow.company.models import Office, Site
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post_all
from officeflow.money import ZERO, total
from officeflow.numbering import next_numbers
from officeflow.postgres.inserts import insert
from officeflow.postgres.rows import remember_related
from officeflow.staff.models import User

# An order needs goods, an invoice and the salesperson's commission.
ORDER_DESTINATIONS = (Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)

MOST_LINES = 500
MOST_LINES_IMPORTED = 5000  # a wholesaler's day in one file


def delivery_errors(
    delivery: str, address: str, wanted_by_date: date | None, today: date
) -> list[Refused]:
    """Returns all errors in the delivery address and the date by which the goods are wanted."""
    errors = []
    if delivery == Delivery.DELIVERY and not address.strip():
        errors.append(Refused(_("Enter the delivery address."), "delivery_address"))
    if wanted_by_date is not None and wanted_by_date < today:
        errors.append(
            Refused(_("This date is in the past. Choose today or a later date."), "wanted_by_date")
        )
    if wanted_by_date is not None and wanted_by_date > today + limits.AHEAD:
        errors.append(
            Refused(
                _("This date is too far away. Choose a date within five years."), "wanted_by_date"
            )
        )
    if len(address) > limits.ADDRESS:
        errors.append(
            Refused(
                _("The address is too long. Use at most %(most)d characters.")
                % {"most": limits.ADDRESS},
                "delivery_address",
            )
        )
    return errors


@transaction.atomic
def place_order(
    *,
    actor: User,
    customer: Customer | None,
    lines: Sequence[NewLine],
    delivery: Delivery = Delivery.PICK_UP,
    delivery_address: str = "",
    wanted_by_date: date | None = None,
    note: str = "",
    ordered_at: datetime | None = None,
    source: str = "",
    source_reference: str = "",
    expected_total: Decimal | None = None,
    site: Site | None = None,
) -> Order:
    """Places an order and posts it to fulfilment, accounting and HR.

    `customer` is None for a walk-in, `site` for the main site. An imported order has a `source`
    and its number there as `source_reference`, unique together. `expected_total` is the gross
    total that was seen.

    Raises `Refused`, or its subclass `LineRefused`; `PricesChanged` when the total or a line's
    `seen_price` is not what the order would have.
    """
    address = delivery_address.strip()
    (order,) = _place(
        [
            {
                "lines": lines,
                "customer": customer,
                "ordered_at": ordered_at or timezone.now(),
                "delivery": delivery,
                "delivery_address": address,
                "wanted_by_date": wanted_by_date,
                "note": note.strip(),
                "source_reference": source_reference,
                "site": site,
            }
        ],
        actor=actor,
        source=source,
        expected_total=expected_total,
    )
    return order


@dataclass(frozen=True, kw_only=True)
class ImportedOrder:
    """An order of another program; `customer` is None for a walk-in."""

    customer: Customer | None
    lines: Sequence[NewLine]
    ordered_at: datetime
    source_reference: str
    note: str = ""
    delivery_address: str = ""

    def fields(self) -> dict[str, Any]:
        """Returns the lines and the fields of the order. One with an address is delivered."""
        return vars(self) | {
            "note": self.note.strip(),
            "delivery": Delivery.DELIVERY if self.delivery_address else Delivery.PICK_UP,
        }


@transaction.atomic
def place_orders(*, actor: User, source: str, orders: Sequence[ImportedOrder]) -> list[Order]:
    """Does what `place_order` does for many orders, all or none, in as many statements as for one.

    Raises `Refused`, or its subclass `LineRefused`.
    """
    return _place([each.fields() for each in orders], actor=actor, source=source)


def _place(
    orders: Sequence[dict[str, Any]],
    *,
    actor: User,
    source: str,
    expected_total: Decimal | None = None,
) -> list[Order]:
    """Checks, stores, records and posts orders, as `_write_orders` takes them."""
    office = get_office()
    customers = resolve_all_merged(each["customer"].pk for each in orders if each["customer"])
    for each in orders:
        today = office_date(each["ordered_at"], office)
        address, day = each.get("delivery_address", ""), each.get("wanted_by_date")
        for error in delivery_errors(each["delivery"], address, day, today):
            raise error
        if each["delivery"] != Delivery.DELIVERY:
            each["delivery_address"] = ""
        if each["customer"] is not None:
            each["customer"] = customers[each["customer"].pk]
            check_is_active(each["customer"])
    written = _write_orders(orders, office, actor=actor, source=source)
    with record_in_batches():
        for order, priced, _rows in written:
            check_seen_prices(priced, order.gross, order.currency, expected_total)
            record(
                actor=actor,
                action="place_order",
                subject_kind="order",
                subject=order.number,
                changes={"state": (None, OrderState.PLACED), "gross": (None, order.gross)},
                at=order.ordered_at,
            )
    post_all(
        {order.number: _order_placed(order, priced) for order, priced, _rows in written},
        to=ORDER_DESTINATIONS,
        actor=actor,
    )
    for order, _priced, rows in written:
        mail_order_placed(actor=actor, order=order, lines=rows, office=office)
    return [order for order, _priced, _rows in written]


def check_is_active(customer: Customer) -> None:
    """Raises `Refused` for a customer whose record is inactive."""
    if not customer.is_active:
        raise Refused(_("This customer's record is inactive. Reactivate it first."), "customer")


@transaction.atomic
def record_past_orders(*, actor: User, source: str, orders: Sequence[ImportedOrder]) -> list[Order]:
    """Records orders that were done in another program, each completed on the day it was ordered.

    All or none are recorded. They are posted to nobody: they get no ticket, invoice, commission or
    message, and take no stock. The customers' records may be inactive and products no longer sold.
    Raises `Refused`, or its subclass `LineRefused`.
    """
    customers = resolve_all_merged(each.customer.pk for each in orders if each.customer)
    written = _write_orders(
        [
            {
                **each.fields(),
                "customer": customers[each.customer.pk] if each.customer else None,
                "state": OrderState.COMPLETED,
            }
            for each in orders
        ],
        get_office(),
        actor=actor,
        source=source,
        is_past=True,
    )
    with record_in_batches():
        for order, _priced, _rows in written:
            record(
                actor=actor,
                action="record_past_order",
                subject_kind="order",
                subject=order.number,
                changes={"state": (None, order.state), "gross": (None, order.gross)},
            )
    return [order for order, _priced, _rows in written]


Written = tuple[Order, list[PricedLine], list[OrderLine]]


def _write_orders(
    orders: Sequence[Mapping[str, Any]],
    office: Office,
    *,
    actor: User,
    source: str,
    is_past: bool = False,
) -> list[Written]:
    """Stores orders with their lines and their first periods. Raises `Refused`.

    Each of `orders` has `lines`, `customer`, `ordered_at`, and other fields of the order.
    """
    priced_lines = [_priced(order["lines"], office, source, is_past=is_past) for order in orders]
    made = [
        _order(order, priced, office, number, actor=actor, source=source, is_past=is_past)
        for order, priced, number in zip(
            orders, priced_lines, next_numbers("SO", len(orders)), strict=True
        )
    ]
    insert(made)
    rows = [_rows(order, priced) for order, priced in zip(made, priced_lines, strict=True)]
    insert(row for each in rows for row in each)
    for order, each in zip(made, rows, strict=True):
        remember_related(order, "lines", each)
    insert(
        OrderPeriod(order=order, state=order.state, started_at=order.ordered_at, actor=actor)
        for order in made
    )
    return list(zip(made, priced_lines, rows, strict=True))


def _priced(
    lines: Sequence[NewLine], office: Office, source: str, *, is_past: bool
) -> list[PricedLine]:
    """Returns an order's lines with their prices. Raises `Refused`."""
    if not lines:
        raise Refused(_("Add at least one line."), "lines")
    most = MOST_LINES_IMPORTED if source else MOST_LINES
    if len(lines) > most:
        raise Refused(
            _("An order can have at most %(most)d lines. Split it into several orders.")
            % {"most": most},
            "lines",
        )
    return price_lines(lines, office, is_past=is_past)


def _order(
    given: Mapping[str, Any],
    priced: Sequence[PricedLine],
    office: Office,
    number: str,
    **fields: Any,
) -> Order:
    """Returns an unsaved order."""
    sums = total(line.amounts for line in priced)
    own = {name: value for name, value in given.items() if name != "lines"}
    return Order(
        number=number,
        site=own.pop("site", None) or office.main_site,
        placed_by=fields.pop("actor"),
        currency=office.currency,
        prices_include_tax=priced[0].line.product.price_list.includes_tax,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        paid=ZERO,
        **own,
        **fields,
    )


def _rows(order: Order, priced: Sequence[PricedLine]) -> list[OrderLine]:
    """Returns the unsaved lines of an order."""
    return [
        OrderLine(order=order, product=item.line.product, **_line_values(position, item))
        for position, item in enumerate(priced, start=1)
    ]


def _line_values(position: int, item: PricedLine) -> dict[str, Any]:
    """Returns what the order keeps of a line, and what its hand-off carries."""
    product = item.line.product
    return {
        "position": position,
        "sku": product.sku,
        "description": product.name,
        "unit": product.unit,
        "quantity": item.line.quantity,
        "unit_price": item.unit_price,
        "discount_percent": item.line.discount_percent,
        "tax_rate": product.tax_rate.rate,
        "net": item.amounts.net,
        "tax": item.amounts.tax,
        "gross": item.amounts.gross,
    }


def _order_placed(order: Order, priced: Sequence[PricedLine]) -> contracts.OrderPlaced:
    customer = order.customer
    return contracts.OrderPlaced(
        order_number=order.number,
        site_code=order.site.code,
        ordered_at=order.ordered_at,
        customer=contracts.Party(
            number=customer.number, name=customer.name, address=customer.address
        )
        if customer
        else None,
        salesperson_id=order.placed_by_id,
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
        lines=tuple(
            contracts.OrderLine(
                is_goods=item.line.product.kind == Kind.GOODS, **_line_values(position, item)
            )
            for position, item in enumerate(priced, start=1)
        ),
        net=order.net,
        tax=order.tax,
        gross=order.gross,
        is_delivery=order.delivery == Delivery.DELIVERY,
        delivery_address=order.delivery_address,
        wanted_by_date=order.wanted_by_date,
        note=order.note,
        read_in_at=timezone.now() if order.source else None,
        contact_phone=customer.phone if customer and order.is_delivery else "",
        contact_email=customer.email if customer and order.is_delivery else "",
    )
