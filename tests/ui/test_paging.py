"""Keyset pagination."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import RequestFactory

from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from officeflow.ui.paging import following, page_of, slice_of

ORDER = ("-ordered_at", "-id")


@pytest.fixture
def orders(rita: User, nora: Customer, mug: Product) -> list[Order]:
    line = [NewLine(product=mug, quantity=Decimal(1))]
    placed = [place_order(actor=rita, customer=nora, lines=line) for _ in range(5)]
    return placed[::-1]


def test_a_list_has_pages_in_both_directions(orders: list[Order]) -> None:
    rows = Order.objects.all()
    first = slice_of(rows, order=ORDER, size=2)
    second = slice_of(rows, order=ORDER, size=2, row=first.rows[-1])
    third = slice_of(rows, order=ORDER, size=2, row=second.rows[-1])
    assert first.rows + second.rows + third.rows == orders
    assert [(each.has_previous, each.has_next) for each in (first, second, third)] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    back = slice_of(rows, order=ORDER, size=2, row=third.rows[0], backwards=True)
    assert back == second
    start = slice_of(rows, order=ORDER, size=2, row=back.rows[0], backwards=True)
    assert start == first


def test_a_row_outside_the_list_still_has_a_position(orders: list[Order]) -> None:
    rows = Order.objects.exclude(pk=orders[2].pk)
    assert list(following(rows, orders[2], ORDER)) == orders[3:]


def test_a_row_without_a_key_gives_the_first_page(orders: list[Order]) -> None:
    order = ("-wanted_by_date", "-id")
    rows = Order.objects.all()
    assert slice_of(rows, order=order, row=orders[1]) == slice_of(rows, order=order)


def test_the_urls_of_pages_keep_the_filters(orders: list[Order], rf: RequestFactory) -> None:
    asked = {"q": "a b", "before": orders[3].number}
    page = page_of(rf.get("/list/", asked), Order.objects.all(), order=ORDER, size=2)
    assert page.rows == orders[1:3]
    assert page.previous_url == f"/list/?q=a+b&before={orders[1].number}"
    assert page.next_url == f"/list/?q=a+b&after={orders[2].number}"
    page = page_of(rf.get("/"), Order.objects.all(), order=ORDER, size=2, address="/of?view=x")
    assert page.next_url == f"/of?view=x&after={orders[1].number}"
