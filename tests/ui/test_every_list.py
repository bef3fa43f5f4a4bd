"""Every list can be exported, and needs a constant number of queries."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine

LISTS = [
    ("maya", "/desk/orders/"),
    ("maya", "/desk/complaints/"),
    ("maya", "/desk/customers/"),
    ("maya", "/administration/products/"),
    ("maya", "/office/queue/fulfilment/"),
    ("maya", "/administration/audit/"),
    ("amir", "/office/accounting/invoices/"),
    ("amir", "/office/accounting/journal/"),
    ("amir", "/office/accounting/accounts/"),
    ("hanna", "/office/hr/commissions/"),
    ("ada", "/administration/people/"),
]


@pytest.mark.django_db
def test_every_list_needs_a_constant_number_of_queries(request, office, rita, nora, mug, drain):
    def write(count: int) -> None:
        for _ in range(count):
            lines = [NewLine(product=mug, quantity=Decimal(1))]
            place_order(actor=rita, customer=nora, lines=lines)
        drain()

    def ask() -> dict[str, tuple[int, int]]:
        found = {}
        for who, url in LISTS:
            client = Client()
            person = request.getfixturevalue(who)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = client.get(url, {"export": "csv"})
            assert answer.status_code == 200, url
            text = b"".join(answer.streaming_content).decode("utf-8-sig")
            found[url] = (len(list(csv.reader(io.StringIO(text)))), len(asked))
        return found

    write(1)
    before = ask()
    write(4)
    after = ask()
    for url, (rows, queries) in after.items():
        assert queries == before[url][1], url
        if url not in ("/desk/complaints/", "/desk/customers/", "/administration/products/"):
            assert rows >= 2, url
    assert after["/desk/orders/"][0] == 6
    assert after["/office/accounting/invoices/"][0] == 6
    assert after["/office/accounting/journal/"][0] == 1 + 5 * 3
