"""Placing many orders at once does what placing each of them does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import (
    ORDER_DESTINATIONS,
    ImportedOrder,
    place_order,
    place_orders,
)
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order, OrderLine, OrderPeriod
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.errors import Refused
from officeflow.handoff.contracts import OrderPlaced
from officeflow.handoff.models import Handoff
from officeflow.handoff.outbox import PostedOutsideTransaction, post_all
from officeflow.staff.models import User

OWN = {"id", "number", "order", "order_id", "changed_at", "subject", "source_reference"}


def orders(
    count: int, customer: Customer | None, product: Product, series: str = "A"
) -> list[ImportedOrder]:
    at = timezone.now() - timedelta(days=1)
    lines = [NewLine(product=product, quantity=Decimal(3), unit_price=Decimal("1.25"))] * 2
    return [
        ImportedOrder(
            customer=customer, lines=lines, ordered_at=at, source_reference=f"{series}{number}"
        )
        for number in range(count)
    ]


def written_about(order: Order) -> list[list[dict[str, object]]]:
    """Everything that is written about an order, without what tells it from another."""
    handoffs = Handoff.objects.filter(subject=order.number).order_by("destination")
    about = [
        Order.objects.filter(pk=order.pk).values(),
        OrderLine.objects.filter(order=order).values(),
        OrderPeriod.objects.filter(order=order).values(),
        AuditEntry.objects.filter(subject=order.number).values("action", "at", "changes"),
        handoffs.values("destination", "contract", "sequence", "state", "is_head", "posted_by"),
    ]
    return [
        [{name: value for name, value in row.items() if name not in OWN} for row in rows]
        for rows in about
    ]


def test_each_has_what_one_has(rita: User, nora: Customer, mug: Product) -> None:
    many = place_orders(actor=rita, source="shop", orders=orders(3, nora, mug))
    one = place_order(
        actor=rita,
        source="shop",
        **vars(orders(1, nora, mug)[0])
        | {"source_reference": "B", "ordered_at": many[0].ordered_at},
    )
    expected = written_about(one)
    assert [len(rows) for rows in expected] == [1, 2, 1, 1, 3]
    assert [written_about(each) for each in many] == [expected] * 3
    payloads = Handoff.objects.values_list("subject", "payload")
    assert all(payload["order_number"] == subject for subject, payload in payloads)


def test_more_orders_need_no_more_queries(
    rita: User, nora: Customer, mug: Product, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(10):
        place_orders(actor=rita, source="shop", orders=orders(1, nora, mug))
    with django_assert_num_queries(10):
        place_orders(actor=rita, source="shop", orders=orders(40, nora, mug, "B"))


def test_all_or_none_are_placed(rita: User, nora: Customer, mug: Product) -> None:
    Customer.objects.filter(pk=nora.pk).update(is_active=False)
    given = [*orders(1, None, mug), *orders(2, nora, mug)[1:]]
    with pytest.raises(Refused, match="inactive"):
        place_orders(actor=rita, source="shop", orders=given)
    assert not Order.objects.exists()
    assert not Handoff.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_are_posted_in_a_transaction_alone(rita: User, nora: Customer, mug: Product) -> None:
    one = place_order(actor=rita, **vars(orders(1, nora, mug)[0]) | {"source_reference": ""})
    payload = Handoff.objects.filter(subject=one.number)[0].payload
    contract = OrderPlaced.from_payload(payload)
    with pytest.raises(PostedOutsideTransaction):
        post_all({"A": contract, "B": contract}, to=ORDER_DESTINATIONS, actor=rita)
