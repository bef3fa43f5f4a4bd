"""Searching orders by text with unusual digits, and by their number in another program."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from frontdesk.orders.queries.orders import orders_numbered_elsewhere, search_orders
from officeflow.staff.models import User
from officeflow.ui.search import find

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["²", "SO-²", "so ①", "SO-" + "9" * 5000])
def test_text_that_is_not_a_number_finds_no_order(office: object, typed: str) -> None:
    assert list(search_orders(typed)) == []


def test_an_imported_record_is_found_by_its_old_number(
    desk: Client, rita: User, order: Order, complaint: Complaint
) -> None:
    old = {"source": "old-shop", "source_reference": "W-1002"}
    Order.objects.filter(pk=order.pk).update(**old)
    Complaint.objects.filter(pk=complaint.pk).update(**old)
    for kind, record in (("order", order), ("complaint", complaint)):
        results = find(rita, " w-1002", kinds=[kind])
        assert results.exact_url == f"/desk/{kind}s/{record.number}/"
        assert results.groups[0].hits[0].reason == "Number in other program: W-1002"
        assert "W-1002" in desk.get(results.exact_url).content.decode()
    (offered,) = desk.get("/desk/orders/lookup/?q=w-1002").json()["results"]
    assert (offered["id"], offered["exact"]) == (order.number, True)
    assert search_orders("W-100") == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "order_by_reference" in orders_numbered_elsewhere("W-1002").order_by().explain()
