"""Placing, recording, cancelling and handing over orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.customers.actions.merge import resolve_merged
from frontdesk.customers.models import Customer
from frontdesk.notifications.actions import settle_desk_notifications
from frontdesk.notifications.models import DeskNotificationKind
from frontdesk.orders.messages import mail_not_ready, mail_order_placed
from frontdesk.orders.models import (
    Delivery,
    Order,
    OrderLine,
    OrderPeriod,
    Reopening,
    Rush,
)
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.orders.transitions import move_order
from officeflow import limits
from officeflow.audit.actions import record
from officeflow.catalogue.models import Kind, Product, Unit
from officeflow.company.models import Office
from officeflow.company.queries import get_office, office_date, undo_runs
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import is_under_way, post
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.money import (
    HUNDRED,
    ONE,
    QUANTITY_PLACES,
    ZERO,
    LineAmounts,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    line_amounts,
    quantise,
    total,
)
from officeflow.numbering import next_number
from officeflow.staff.models import User

# An order needs goods, an invoice and the salesperson's commission.
ORDER_DESTINATIONS = (Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR)

QUANTITY_STEP = ONE.scaleb(-QUANTITY_PLACES)
PRICE_STEP = Decimal("0.0001")
MOST_LINES = 500
MOST_LINES_IMPORTED = 5000  # a wholesaler's day in one file
MAX_QUANTITY = Decimal("99999999")
MAX_LINE_GROSS = Decimal("99999999999")

MAX_REASON_LENGTH = 2000

# The states of the goods in which fulfilment can still be quicker.
RUSH_STATES = (FulfilmentState.NONE, FulfilmentState.WAITING, FulfilmentState.IN_PROGRESS)
GOODS_LEFT_STATES = (FulfilmentState.SHIPPED, FulfilmentState.HANDED_OVER)


@dataclass(frozen=True, kw_only=True)
class SeenPrice:
    """The price of a product as a person saw it: by unit, with the rate of tax as a fraction."""

    unit_price: Decimal
    tax_rate: Decimal
    includes_tax: bool

    @classmethod
    def of(cls, product: Product) -> SeenPrice:
        """Returns the current price of a product."""
        return cls(
            unit_price=product.price,
            tax_rate=product.tax_rate.rate,
            includes_tax=product.price_list.includes_tax,
        )


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line of an order to be placed.

    `unit_price` replaces the price of the price list, in the same currency and with or without
    tax as the list. `discount_percent` is 0 to 100. `seen_price` is what the person saw, if known.
    """

    product: Product
    quantity: Decimal
    discount_percent: Decimal = ZERO
    unit_price: Decimal | None = None
    seen_price: SeenPrice | None = None


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """A line with its unit price and amounts."""

    line: NewLine
    unit_price: Decimal
    amounts: LineAmounts


class LineRefused(Refused):
    """A line is not valid. `index` counts from 0."""

    def __init__(self, index: int, message: str, field: str) -> None:
        self.index = index
        super().__init__(message, field)


class PricesChanged(Conflict):
    """Nothing was placed, because the person saw other prices than the order would have.

    `changes` are sentences with the figures of now and before, the new total last; `details` is
    the total that the order would have.
    """

    def __init__(self, changes: Sequence[str], total: Decimal, currency: str) -> None:
        self.changes = list(changes)
        self.details = {"total": str(quantise(total, currency)), "currency": currency}
        super().__init__(" ".join(self.changes))


def price_line(index: int, line: NewLine, office: Office, *, is_past: bool = False) -> PricedLine:
    """Returns a line with its price and amounts. Raises `LineRefused` with the `index` (from 0).

    A line of a past order may have a product that is no longer sold.
    """
    product = line.product
    if not product.is_active and not is_past:
        raise LineRefused(index, _("%(sku)s is no longer sold.") % {"sku": product.sku}, "sku")
    if product.price_list.currency != office.currency:
        raise LineRefused(
            index,
            _("%(sku)s is priced in %(currency)s, not in the office's currency.")
            % {"sku": product.sku, "currency": product.price_list.currency},
            "sku",
        )
    quantity = line.quantity
    if not quantity.is_finite() or quantity <= ZERO:
        raise LineRefused(index, _("The quantity must be more than 0."), "quantity")
    if quantity > MAX_QUANTITY:
        raise LineRefused(
            index,
            _("A line can have at most %(most)s of a product.")
            % {"most": format_quantity(MAX_QUANTITY)},
            "quantity",
        )
    if quantity != quantity.quantize(QUANTITY_STEP):
        raise LineRefused(index, _("Use at most three decimals for the quantity."), "quantity")
    if product.unit == Unit.PIECE and quantity != quantity.to_integral_value():
        raise LineRefused(
            index,
            _("%(sku)s is sold by the piece. Enter a whole number.") % {"sku": product.sku},
            "quantity",
        )
    if not line.discount_percent.is_finite() or not ZERO <= line.discount_percent <= HUNDRED:
        raise LineRefused(index, _("Enter a discount from 0 to 100 percent."), "discount")
    discount = line.discount_percent.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if discount != line.discount_percent:
        raise LineRefused(index, _("Use at most two decimals for the discount."), "discount")
    unit_price = product.price if line.unit_price is None else line.unit_price
    if not unit_price.is_finite() or unit_price < ZERO:
        raise LineRefused(index, _("The price cannot be below 0."), "price")
    unit_price = unit_price.quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    amounts = line_amounts(
        quantity=quantity,
        unit_price=unit_price,
        discount_percent=discount,
        tax_rate=product.tax_rate.rate,
        currency=office.currency,
        includes_tax=product.price_list.includes_tax,
    )
    if amounts.gross > MAX_LINE_GROSS:
        raise LineRefused(index, _("The total of this line is too large."), "quantity")
    return PricedLine(line=line, unit_price=unit_price, amounts=amounts)


def price_lines(
    lines: Sequence[NewLine], office: Office, *, is_past: bool = False
) -> list[PricedLine]:
    """Returns lines with their prices and amounts.

    Raises `LineRefused` for the first line that is not valid, `Refused` when prices with and
    without tax are mixed.
    """
    priced = [price_line(index, line, office, is_past=is_past) for index, line in enumerate(lines)]
    if len({line.product.price_list.includes_tax for line in lines}) > 1:
        raise Refused(
            _("Prices with tax and prices without tax cannot be mixed in one order."), "lines"
        )
    return priced


def check_seen_prices(
    priced: Sequence[PricedLine], gross: Decimal, currency: str, expected_total: Decimal | None
) -> None:
    """Raises `PricesChanged` when a line's price or tax, or the total, is not what was seen."""
    changes: dict[str, None] = {}
    for item in priced:
        product, seen = item.line.product, item.line.seen_price
        if seen is None or item.line.unit_price is not None:
            continue
        now = SeenPrice.of(product)
        if seen.unit_price != now.unit_price or seen.includes_tax != now.includes_tax:
            text = _("The price of %(product)s is now %(now)s (was %(before)s).") % {
                "product": product.name,
                "now": _price_in_words(now, seen, currency),
                "before": _price_in_words(seen, now, currency),
            }
            changes[text] = None
        if seen.tax_rate != now.tax_rate:
            text = _("The tax rate of %(product)s is now %(now)s (was %(before)s).") % {
                "product": product.name,
                "now": format_percent(now.tax_rate),
                "before": format_percent(seen.tax_rate),
            }
            changes[text] = None
    if not changes and (expected_total is None or expected_total == gross):
        return
    total_now = format_money(gross, currency)
    if expected_total is None:
        text = _("The total is now %(now)s.") % {"now": total_now}
    else:
        text = _("The total is now %(now)s (was %(before)s).") % {
            "now": total_now,
            "before": format_money(expected_total, currency),
        }
    raise PricesChanged([*changes, text], gross, currency)


def _price_in_words(price: SeenPrice, other: SeenPrice, currency: str) -> str:
    amount = format_unit_price(price.unit_price, currency)
    if price.includes_tax == other.includes_tax:
        return amount
    words = _("%(price)s with tax") if price.includes_tax else _("%(price)s without tax")
    return words % {"price": amount}


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


def can_cancel(order: Order) -> bool:
    """Returns whether the order can be cancelled: until its goods are handed over or shipped."""
    return order.state == OrderState.PLACED and order.fulfilment_state not in GOODS_LEFT_STATES


@transaction.atomic
def cancel_order(*, actor: User, order: Order, reason: str) -> Order:
    """Cancels an order and posts it to the back office, which puts back the goods, credits the
    invoice and reports the refund.

    Raises `Refused` without a reason, `Conflict` when the order cannot be cancelled.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter the reason for cancelling the order."), "reason")
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state == OrderState.CANCELLED:
        raise Conflict(_("This order is already cancelled."))
    if not can_cancel(order):
        raise Conflict(_("This order cannot be cancelled, because the goods have left."))
    now = timezone.now()
    move_order(order, OrderState.CANCELLED, actor=actor, at=now, action="cancel_order")
    order.cancel_reason = reason
    order.save()
    settle_desk_notifications(subject=order.number)
    # Open questions of departments need no answer any more.
    order.questions.filter(closed_at__isnull=True).update(closed_at=now)
    post(
        contracts.OrderCancelled(
            order_number=order.number,
            cancelled_at=now,
            reason=reason,
            cancelled_by_name=actor.get_full_name(),
        ),
        to=ORDER_DESTINATIONS,
        subject=order.number,
        actor=actor,
    )
    return order


def can_hand_over(order: Order) -> bool:
    """Returns whether the goods are ready for pick-up."""
    return (
        order.state == OrderState.PLACED
        and order.delivery == Delivery.PICK_UP
        and order.fulfilment_state == FulfilmentState.READY
    )


@transaction.atomic
def hand_over_order(*, actor: User, order: Order) -> Order:
    """Completes an order whose goods the customer took at the counter.

    Raises `Conflict` when the goods are not for pick-up or not ready, also when fulfilment has just
    taken that back.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.state == OrderState.COMPLETED:
        raise Conflict(_("This order is already completed."))
    if order.state == OrderState.CANCELLED:
        raise Conflict(_("This order is cancelled."))
    if order.delivery != Delivery.PICK_UP:
        raise Conflict(_("This order is for delivery, so it cannot be handed over at the counter."))
    if not can_hand_over(order):
        raise Conflict(_("The goods are not ready yet."))
    now = timezone.now()
    move_order(order, OrderState.COMPLETED, actor=actor, at=now, action="hand_over_order")
    order.fulfilment_state = FulfilmentState.HANDED_OVER
    order.save()
    settle_desk_notifications(subject=order.number, kind=DeskNotificationKind.READY)
    post(
        contracts.GoodsHandedOver(order_number=order.number, handed_over_at=now),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    # `reopen_shipment` locks the stream to which we have just posted, so that one of the two wins.
    if is_under_way(contracts.FulfilmentReopened, to=Destination.FRONTDESK, subject=order.number):
        raise Conflict(_("Fulfilment has just reported that the goods are not ready after all."))
    return order


@transaction.atomic
def undo_hand_over(*, actor: User, order: Order) -> Order:
    """Takes a hand-over back, within the office's seconds for Undo: the goods are at the counter.

    Raises `Conflict` later, or when somebody took it back already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.fulfilment_state != FulfilmentState.HANDED_OVER:
        raise Conflict(_("This order is not handed over. There is nothing to undo."))
    now = timezone.now()
    completed = order.periods.get(ended_at__isnull=True)
    if not undo_runs(completed.started_at, now):
        raise Conflict(_("The time for Undo is over."))
    move_order(order, OrderState.PLACED, actor=actor, at=now, action="undo_hand_over")
    order.fulfilment_state = FulfilmentState.READY
    order.save()
    post(
        contracts.HandOverUndone(
            order_number=order.number, undone_at=now, undone_by_name=actor.get_full_name()
        ),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    return order


def reopening_to_correct(order: Order) -> Reopening | None:
    """Returns the reopening after a message told the customer otherwise, until they are told."""
    if order.state != OrderState.PLACED or order.fulfilment_state == FulfilmentState.READY:
        return None
    latest = next(iter(reversed(order.reopenings.all())), None)
    if latest is None or not latest.told_by:
        return None
    corrections = Message.objects.filter(number=latest.corrected_by)
    is_done = corrections.exclude(state=MessageState.WITHDRAWN).exists()
    return None if is_done else latest


@transaction.atomic
def tell_not_ready(*, actor: User, order: Order) -> Message:
    """Queues a message that the goods are not ready after all, to a customer who was told so.

    Raises `Conflict` when there is nothing to correct or the customer gets no mail.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    reopening = reopening_to_correct(order)
    if reopening is None:
        raise Conflict(_("The customer needs no message about this now."))
    message = mail_not_ready(actor=actor, order=order)
    if message is None:
        raise Conflict(_("This message cannot be sent: it is turned off, or no mail is wanted."))
    reopening.corrected_by = message.number
    reopening.save(update_fields=["corrected_by"])
    order.version += 1
    order.save()
    record(
        actor=actor,
        action="tell_not_ready",
        subject_kind="order",
        subject=order.number,
        changes={"message": (None, message.number)},
    )
    return message


def can_ask_for_rush(order: Order) -> bool:
    """Returns whether fulfilment is at work on the order and no request waits for an answer."""
    return (
        order.state == OrderState.PLACED
        and order.fulfilment_state in RUSH_STATES
        and not any(rush.answered_at is None for rush in order.rushes.all())
    )


@transaction.atomic
def ask_for_rush(*, actor: User, order: Order, reason: str) -> Rush:
    """Asks fulfilment to work on an order sooner. Whether they do is their answer.

    Raises `Refused` without a reason, `Conflict` when the goods are ready or have left, or an
    earlier request waits for its answer.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Enter why the customer needs it sooner."), "reason")
    if len(reason) > MAX_REASON_LENGTH:
        raise Refused(
            _("Use at most %(length)d characters.") % {"length": MAX_REASON_LENGTH}, "reason"
        )
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not can_ask_for_rush(order):
        raise Conflict(
            _("A rush cannot be asked for now: the goods are ready, or a request is open already.")
        )
    now = timezone.now()
    rush = Rush.objects.create(order=order, reason=reason, requested_by=actor, requested_at=now)
    order.version += 1
    order.save()
    record(
        actor=actor,
        action="ask_for_rush",
        subject_kind="order",
        subject=order.number,
        personal=["reason"],
        at=now,
    )
    post(
        contracts.RushRequested(
            order_number=order.number,
            reason=reason,
            requested_at=now,
            requested_by_name=actor.get_full_name(),
        ),
        to=[Destination.FULFILMENT],
        subject=order.number,
        actor=actor,
    )
    return rush
