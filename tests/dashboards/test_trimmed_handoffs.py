"""Orders, dashboards and checks after old hand-offs were deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from frontdesk.orders.models import Order
from frontdesk.timelines.orders import order_timeline
from officeflow.dashboards import consistency
from officeflow.handoff import equation
from officeflow.handoff.contracts import FulfilmentProgressed, GoodsProgress, OrderPlaced
from officeflow.handoff.maintenance import balance_checkpoint, retention
from officeflow.handoff.models import Destination, Handoff, Stream
from officeflow.handoff.outbox import post
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def trim_all() -> None:
    """All that is applied is old, and old hand-offs are not kept."""
    balance_checkpoint.extend_all()
    Stream.objects.update(settled_at="2020-01-01T00:00:00Z")
    retention.trim(days=1)


def test_a_record_keeps_its_handoff_without_the_payload(
    order: Callable[[], Order], drain: Callable[[], int]
) -> None:
    order()
    drain()
    trim_all()
    connection.check_constraints()
    kept = Handoff.objects.filter(contract=OrderPlaced.__name__)
    assert [(each.payload, each.receipt.attempt) for each in kept] == [({}, 1)] * 3
    assert not Handoff.objects.exclude(contract=OrderPlaced.__name__).exists()
    assert equation.balance().balanced


def test_an_order_keeps_its_timeline(
    order: Callable[[], Order], drain: Callable[[], int], maya: User, as_: Callable[[User], Client]
) -> None:
    placed = order()
    drain()
    before = [item.title for item in order_timeline(placed)]
    trim_all()
    with transaction.atomic():  # what the first report said, said again
        post(
            FulfilmentProgressed(
                order_number=placed.number, state=GoodsProgress.IN_PROGRESS, at=timezone.now()
            ),
            to=[Destination.FRONTDESK],
            subject=placed.number,
            actor=None,
        )
    Handoff.objects.filter(contract="FulfilmentProgressed").update(
        posted_at=timezone.now() + timedelta(days=1)
    )
    timeline = order_timeline(placed)
    assert [item.title for item in timeline][: len(before)] == before
    assert timeline[-1].tone == "progress"  # on its way, and not the receipt of what is long past
    page = as_(maya).get(f"/desk/orders/{placed.number}/")
    assert page.status_code == 200


def test_the_dashboards_say_which_days_are_incomplete(
    order: Callable[[], Order], drain: Callable[[], int], maya: User, as_: Callable[[User], Client]
) -> None:
    order()
    drain()
    browser = as_(maya)
    pages = ["/dashboards/handoffs/?range=90", "/dashboards/handoffs/all/"]
    assert not any(b"1 Jan 2020" in browser.get(page).content for page in pages)
    trim_all()
    assert b"1 Jan 2020" in browser.get("/dashboards/handoffs/all/").content
    assert b"1 Jan 2020" not in browser.get("/dashboards/handoffs/all/?from=2021-01-01").content
    long_ago = "/dashboards/handoffs/?range=own&from=2019-12-30&to=2020-01-02"
    assert b"1 Jan 2020" in browser.get(long_ago).content
    assert b"no longer all kept" not in browser.get(pages[0]).content
    assert list(consistency.handoff_inconsistencies()) == []
    assert consistency.effect_inconsistencies() == []
