"""Placing orders, and recording orders done in another program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.customers.actions.merge import resolve_merged
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.pricing import (
    NewLine,
    PricedLine,
    check_seen_prices,
    price_lines,
)
from frontdesk.orders.messages import mail_order_placed
from frontdesk.orders.models import (
    Delivery,
    Order,
    OrderLine,
    OrderPeriod,
)
from frontdesk.orders.states import OrderState
from officeflow import limits
from officeflow.audit.actions import record
from officeflow.catalogue.models import Kind
from officeflow.company.models import Office
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.money import (
    total,
)
from officeflow.numbering import next_number
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
) -> Order:
    """Places an order and posts it to fulfilment, accounting and HR.

    `customer` is None for a walk-in. An imported order has a `source` and its number there as
    `source_reference`, unique together. `expected_total` is the gross total that was seen.

    Raises `Refused`, or its subclass `LineRefused`; `PricesChanged` when the total or a line's
    `seen_price` is not what the order would have.
    """
    office = get_office()
    at = ordered_at or timezone.now()
    address = delivery_address.strip()
    for error in delivery_errors(delivery, address, wanted_by_date, office_date(at, office)):
        raise error
    if customer is not None:
        customer = resolve_merged(customer)
    if customer is not None and not customer.is_active:
        raise Refused(_("This customer's record is inactive. Reactivate it first."), "customer")
    order, priced, rows = _write_order(
        lines,
        office,
        actor=actor,
        customer=customer,
        at=at,
        source=source,
        delivery=delivery,
        delivery_address=address if delivery == Delivery.DELIVERY else "",
        wanted_by_date=wanted_by_date,
        note=note.strip(),
        source_reference=source_reference,
    )
    check_seen_prices(priced, order.gross, order.currency, expected_total)
    record(
        actor=actor,
        action="place_order",
        subject_kind="order",
        subject=order.number,
        changes={"state": (None, OrderState.PLACED), "gross": (None, order.gross)},
        at=at,
    )
    post(
        _order_placed(order, priced),
        to=ORDER_DESTINATIONS,
        subject=order.number,
        actor=actor,
    )
    mail_order_placed(actor=actor, order=order, lines=rows, office=office)
    return order


@transaction.atomic
def record_past_order(
    *,
    actor: User,
    customer: Customer | None,
    lines: Sequence[NewLine],
    ordered_at: datetime,
    source: str,
    source_reference: str,
    note: str = "",
) -> Order:
    """Records an order that was done in another program, completed on the day it was ordered.

    It is posted to nobody: it gets no ticket, invoice, commission or message, and takes no stock.
    The customer's record may be inactive and products no longer sold. Raises `Refused`, or its
    subclass `LineRefused`.
    """
    order, _priced, _rows = _write_order(
        lines,
        get_office(),
        actor=actor,
        customer=resolve_merged(customer) if customer is not None else None,
        at=ordered_at,
        source=source,
        is_past=True,
        state=OrderState.COMPLETED,
        note=note.strip(),
        source_reference=source_reference,
    )
    record(
        actor=actor,
        action="record_past_order",
        subject_kind="order",
        subject=order.number,
        changes={"state": (None, order.state), "gross": (None, order.gross)},
    )
    return order


def _write_order(
    lines: Sequence[NewLine],
    office: Office,
    *,
    actor: User,
    customer: Customer | None,
    at: datetime,
    source: str,
    is_past: bool = False,
    **fields: Any,
) -> tuple[Order, list[PricedLine], list[OrderLine]]:
    """Stores an order with its lines and its first period. Raises `Refused`."""
    if not lines:
        raise Refused(_("Add at least one line."), "lines")
    most = MOST_LINES_IMPORTED if source else MOST_LINES
    if len(lines) > most:
        raise Refused(
            _("An order can have at most %(most)d lines. Split it into several orders.")
            % {"most": most},
            "lines",
        )
    priced = price_lines(lines, office, is_past=is_past)
    sums = total(line.amounts for line in priced)
    order = Order.objects.create(
        number=next_number("SO"),
        site=office.main_site,
        customer=customer,
        placed_by=actor,
        ordered_at=at,
        currency=office.currency,
        prices_include_tax=lines[0].product.price_list.includes_tax,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        source=source,
        is_past=is_past,
        **fields,
    )
    rows = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=position,
            product=item.line.product,
            sku=item.line.product.sku,
            description=item.line.product.name,
            unit=item.line.product.unit,
            quantity=item.line.quantity,
            unit_price=item.unit_price,
            discount_percent=item.line.discount_percent,
            tax_rate=item.line.product.tax_rate.rate,
            net=item.amounts.net,
            tax=item.amounts.tax,
            gross=item.amounts.gross,
        )
        for position, item in enumerate(priced, start=1)
    )
    OrderPeriod.objects.create(order=order, state=order.state, started_at=at, actor=actor)
    return order, priced, rows


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
                position=position,
                sku=item.line.product.sku,
                description=item.line.product.name,
                is_goods=item.line.product.kind == Kind.GOODS,
                unit=item.line.product.unit,
                quantity=item.line.quantity,
                unit_price=item.unit_price,
                discount_percent=item.line.discount_percent,
                tax_rate=item.line.product.tax_rate.rate,
                net=item.amounts.net,
                tax=item.amounts.tax,
                gross=item.amounts.gross,
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
