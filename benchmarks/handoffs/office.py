"""The office of the benchmark: its products and orders, and the timing of its desk."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.db import connection
from rest_framework.test import APIClient

from frontdesk.orders.actions import place
from frontdesk.orders.actions.pricing import NewLine
from officeflow.api import idempotency as api
from officeflow.catalogue.models import Product
from officeflow.handoff import outbox
from officeflow.handoff.contracts import OrderLine, OrderPlaced, Party
from officeflow.staff.actions import issue_token
from tests.factories import make_office, make_product

ORDERS_A_TURN = 25


def open_office() -> None:
    """Creates an office with three products."""
    make_office()
    for number in range(1, 4):
        make_product(f"MUG-{number}", f"Mug {number}", "12.50")


def place_order(clerk: Any) -> None:
    """Places a walk-in's order of one of each product by the action alone."""
    products = Product.objects.select_related("price_list", "tax_rate").order_by("sku")
    lines = [NewLine(product=product, quantity=Decimal(1)) for product in products]
    place.place_order(actor=clerk, customer=None, lines=lines)


class Desk:
    """A client of the API in this process, without a network, that places orders.

    `in_transaction` is the time in seconds of the orders' transactions with their commits.
    """

    def __init__(self, clerk: Any) -> None:
        _token, secret = issue_token(user=clerk)
        authorization = {"Authorization": f"Token {secret}"}
        self.client = APIClient(SERVER_NAME="localhost", headers=authorization)
        self.in_transaction = 0.0

    def __enter__(self) -> Desk:
        self.real = api.run_once
        api.run_once = self._timed
        return self

    def __exit__(self, *_: object) -> None:
        api.run_once = self.real

    def _timed(self, **asked: Any) -> Any:
        began = time.perf_counter()
        try:
            return self.real(**asked)
        finally:
            self.in_transaction += time.perf_counter() - began

    def place_order(self) -> None:
        """Places a walk-in's order of one of each product."""
        lines = [{"sku": f"MUG-{number}", "quantity": 1} for number in range(1, 4)]
        answer = self.client.post(
            "/api/v1/orders/",
            {"lines": lines},
            format="json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        if answer.status_code != 201:
            raise SystemExit(f"an order was answered with {answer.status_code}: {answer.content!r}")


def order_placed(reference: str) -> Any:
    """Returns the contract of an order of three lines."""
    lines = tuple(
        OrderLine(
            position=position,
            sku=f"MUG-{position}",
            description=f"Mug {position}",
            is_goods=True,
            unit="piece",
            quantity=Decimal(1),
            unit_price=Decimal("12.50"),
            discount_percent=Decimal(0),
            tax_rate=Decimal("0.2"),
            net=Decimal("10.42"),
            tax=Decimal("2.08"),
            gross=Decimal("12.50"),
        )
        for position in range(1, 4)
    )
    return OrderPlaced(
        order_number=reference,
        site_code="MAIN",
        ordered_at=datetime.now(UTC),
        customer=Party(number="CU-000001", name="Nora Lind"),
        salesperson_id=1,
        currency="EUR",
        prices_include_tax=True,
        lines=lines,
        net=Decimal("31.26"),
        tax=Decimal("6.24"),
        gross=Decimal("37.50"),
        is_delivery=False,
        delivery_address="",
        wanted_by_date=None,
        note="",
    )


def bare_handoff(number: int, reference: str) -> int:
    """Inserts a hand-off for plain Celery, to which a ticket refers; returns its id."""

    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH stream AS (
                INSERT INTO handoff_stream (destination, subject, posted, head)
                VALUES ('fulfilment', %(reference)s, 1, 2) RETURNING id
            )
            INSERT INTO handoff_handoff (stream_id, sequence, destination, subject, contract,
                contract_version, payload, is_sealed, state, is_head, attempts,
                attempts_forgiven, due_at, posted_at, delivered_at, last_error)
            SELECT id, 1, 'fulfilment', %(reference)s, 'OrderPlaced', 2, '{}', false, 'applied',
                false, 1, 0, now(), now(), now(), '' FROM stream
            RETURNING id
            """,
            {"reference": reference},
        )
        return int(cursor.fetchone()[0])


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Replaces a function that is left out."""


@contextmanager
def nothing_posted() -> Iterator[None]:
    """Leaves the hand-offs of the action out, and the building of their contracts."""
    with patch.multiple(place, post_all=_nothing, _order_placed=_nothing):
        yield


@contextmanager
def nobody_notified() -> Iterator[None]:
    """Writes the hand-offs of the action, but sends no notifications."""
    with patch.object(outbox, "notify_after_commit", _nothing):
        yield


@contextmanager
def as_usual() -> Iterator[None]:
    """Leaves the action unchanged."""
    yield


def in_turns(
    place: Callable[[], None], clocks: dict[str, Callable[[], float]], count: int
) -> dict[str, Any]:
    """Returns the orders a second by each clock, with and without hand-offs, in turns."""
    ways = {
        "with hand-offs": as_usual,
        "written, not notified": nobody_notified,
        "without": nothing_posted,
    }
    seconds = {what: {name: list[float]() for name in ways} for what in clocks}
    for turn in range(max(1, count // ORDERS_A_TURN)):
        for name in ways if turn % 2 else reversed(ways):
            with ways[name]():
                began = {what: clock() for what, clock in clocks.items()}
                for _ in range(ORDERS_A_TURN):
                    place()
                for what, clock in clocks.items():
                    seconds[what][name].append(clock() - began[what])
    return {what: compared(found) for what, found in seconds.items()}


def compared(seconds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Returns the median rates, and their ratios to the rate without hand-offs."""
    without = seconds["without"]
    return {
        name: {
            "per_second": ORDERS_A_TURN / statistics.median(own),
            "ratio": statistics.median(w / o for w, o in zip(without, own, strict=True)),
        }
        for name, own in seconds.items()
    }
