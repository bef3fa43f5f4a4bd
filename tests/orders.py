"""Contracts about orders, posted to a department without the front desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from officeflow.handoff.applying import draining
from officeflow.handoff.contracts import (
    Contract,
    OrderCancelled,
    OrderLine,
    OrderPlaced,
    Party,
    PaymentTaken,
    RefundPaid,
)
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.money import line_amounts

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NORA = Party(number="CU-000012", name="Nora Nordmann")


def line(
    price: str,
    *,
    quantity: str = "1",
    rate: str = "0.2",
    discount: str = "0",
    is_goods: bool = True,
    position: int = 1,
    sku: str = "MUG",
    includes_tax: bool = True,
) -> OrderLine:
    """Returns a line in pounds with its amounts."""
    amounts = line_amounts(
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        tax_rate=Decimal(rate),
        currency="GBP",
        discount_percent=Decimal(discount),
        includes_tax=includes_tax,
    )
    return OrderLine(
        position=position,
        sku=sku,
        description=f"The {sku.lower()}",
        is_goods=is_goods,
        unit="piece",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        discount_percent=Decimal(discount),
        tax_rate=Decimal(rate),
        net=amounts.net,
        tax=amounts.tax,
        gross=amounts.gross,
    )


def order_placed(
    number: str = "SO-000001",
    lines: Sequence[OrderLine] = (),
    *,
    salesperson_id: int = 0,
    customer: Party | None = NORA,
    ordered_at: datetime = WHEN,
    includes_tax: bool = True,
) -> OrderPlaced:
    """Returns an order of one mug at 12.00 with 20 % tax included, unless lines are given."""
    lines = tuple(lines) or (line("12.00"),)
    return OrderPlaced(
        order_number=number,
        site_code="MAIN",
        ordered_at=ordered_at,
        customer=customer,
        salesperson_id=salesperson_id,
        currency="GBP",
        prices_include_tax=includes_tax,
        lines=lines,
        net=sum((each.net for each in lines), Decimal(0)),
        tax=sum((each.tax for each in lines), Decimal(0)),
        gross=sum((each.gross for each in lines), Decimal(0)),
        is_delivery=False,
        delivery_address="",
        wanted_by_date=None,
        note="",
    )


def order_cancelled(number: str = "SO-000001", at: datetime = WHEN) -> OrderCancelled:
    return OrderCancelled(order_number=number, cancelled_at=at, reason="changed her mind")


def payment_taken(
    amount: str | Decimal,
    payment: str = "PY-000001",
    order: str = "SO-000001",
    *,
    method: str = "cash",
    currency: str = "GBP",
) -> PaymentTaken:
    return PaymentTaken(
        order_number=order,
        payment_number=payment,
        amount=Decimal(amount),
        currency=currency,
        method=method,
        taken_at=WHEN,
    )


def refund_paid(
    amount: str | Decimal,
    payment: str = "PY-000009",
    order: str = "SO-000001",
    *,
    method: str = "cash",
) -> RefundPaid:
    return RefundPaid(
        order_number=order,
        payment_number=payment,
        amount=Decimal(amount),
        currency="GBP",
        method=method,
        paid_at=WHEN,
    )


def send(
    contract: Contract, destination: Destination, *, subject: str = "", is_sealed: bool = False
) -> Handoff:
    """Posts a contract to a destination, applies its hand-offs and returns the hand-off."""
    about = subject or str(
        getattr(contract, "complaint_number", "") or getattr(contract, "order_number", "")
    )
    with transaction.atomic():
        post(contract, to=[destination], subject=about, actor=None, is_sealed=is_sealed)
    draining.drain([destination.value])
    return Handoff.objects.filter(destination=destination, subject=about).latest("sequence")


def deliver(
    contract: Contract, destination: Destination, *, subject: str = "", is_sealed: bool = False
) -> Handoff:
    """Posts a contract, which must be applied, and returns the hand-off."""
    handoff = send(contract, destination, subject=subject, is_sealed=is_sealed)
    assert handoff.state == HandoffState.APPLIED, handoff.last_error
    return handoff
