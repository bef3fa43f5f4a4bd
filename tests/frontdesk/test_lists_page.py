"""Lists of records: paging, tabs and numbers of queries."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from officeflow.ui.paging import PAGE_SIZE
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def add_rows(rita: User, mug: Product) -> Callable[[int], None]:
    """Adds customers, each with an order that is ready and a complaint."""

    def fill(count: int) -> None:
        for _ in range(count):
            customer = CustomerFactory()
            line = NewLine(product=mug, quantity=Decimal(1))
            order = place_order(actor=rita, customer=customer, lines=[line])
            raise_complaint(
                actor=rita,
                customer=customer,
                category=ComplaintCategory.GOODS,
                description="Chipped",
                order=order,
                order_line=order.lines.get(),
            )
        Order.objects.update(fulfilment_state="ready")

    return fill


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/desk/", 17),
        ("/desk/orders/", 8),
        ("/desk/orders/?show=ready", 8),
        ("/desk/complaints/", 8),
        ("/desk/customers/", 8),
        ("/desk/search/?q=customer", 30),
    ],
)
def test_a_list_needs_no_more_queries_for_more_rows(
    desk: Client, add_rows: Callable[[int], None], url: str, most: int
) -> None:
    add_rows(3)
    with CaptureQueriesContext(connection) as few:
        assert desk.get(url).status_code == 200
    add_rows(27)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(url).status_code == 200
    assert len(many) <= len(few), "\n".join(query["sql"] for query in many)
    assert len(many) <= most, "\n".join(query["sql"] for query in many)


def test_an_orders_page_needs_no_more_queries_for_more_lines(
    desk: Client, rita: User, mug: Product, nora: object, report_goods: Callable[[Order, str], None]
) -> None:
    def count_queries(lines: int, steps: list[str]) -> int:
        order = place_order(
            actor=rita,
            customer=None,
            lines=[NewLine(product=mug, quantity=Decimal(1)) for _ in range(lines)],
        )
        for step in steps:
            report_goods(order, step)
        # The first visit marks notifications as read.
        desk.get(f"/desk/orders/{order.number}/")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/desk/orders/{order.number}/")
        return len(queries)

    assert count_queries(3, ["waiting"]) == count_queries(30, ["waiting", "in_progress", "ready"])


@pytest.mark.parametrize("name", ["orders", "complaints", "customers"])
def test_consecutive_pages_have_no_gaps(
    desk: Client, add_rows: Callable[[int], None], name: str
) -> None:
    add_rows(PAGE_SIZE + 5)
    first = desk.get(f"/desk/{name}/").context["page"]
    assert first.previous_url == ""
    second = desk.get(first.next_url).context["page"]
    assert (len(first.rows), len(second.rows)) == (PAGE_SIZE, 5)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert second.next_url == ""
    back = desk.get(second.previous_url).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert back.previous_url == ""


def test_a_list_from_an_unknown_number_starts_at_the_top(desk: Client, order: Order) -> None:
    page = desk.get("/desk/orders/?after=SO-999999").context["page"]
    assert [row.number for row in page.rows] == [order.number]
    assert desk.get("/desk/orders/?show=whatever").status_code == 404


def test_a_tab_shows_matching_rows(
    desk: Client, order: Order, report_goods: Callable[[Order, str], None]
) -> None:
    assert desk.get("/desk/orders/?show=ready").context["page"].rows == []
    report_goods(order, "ready")
    assert desk.get("/desk/orders/?show=ready").context["page"].rows == [order]
    assert desk.get("/desk/orders/?show=completed").context["page"].rows == []
