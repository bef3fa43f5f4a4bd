"""What waits longest stands first under "Needs you", with its wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.counter.queries import needs_you
from frontdesk.orders.models import Order
from frontdesk.questions.models import DeskQuestion
from officeflow.handoff import contracts
from officeflow.staff.models import User
from officeflow.ui.times import waited

pytestmark = pytest.mark.django_db


def test_the_longest_wait_stands_first_and_says_how_long(
    order: Order, rita: User, desk: Client, reports: Callable[..., None]
) -> None:
    now = timezone.now()
    DeskQuestion.objects.create(
        ticket_number="TK-000001",
        subject=order.number,
        order=order,
        department="fulfilment",
        reason="other",
        reason_label="Other",
        text="Which colour?",
        asked_by_name="Femi",
        asked_at=now - timedelta(hours=2),
    )
    ready_at = now - timedelta(days=3, hours=1)
    reports(
        contracts.FulfilmentProgressed(order_number=order.number, state="ready", at=ready_at),
        order.number,
    )
    needs = needs_you(rita)
    assert [need.order is not None for need in needs.items] == [True, False]
    assert needs.items[0].since == ready_at
    # A payment or another change does not begin the wait anew.
    Order.objects.get().save()
    assert needs_you(rita).items[0].since == ready_at
    page = desk.get("/desk/").content.decode()
    assert page.index("waiting 3 days") < page.index("waiting 2 h")
    assert "£24.00 to pay" in page
    Order.objects.update(paid=20)
    assert "£4.00 to pay" in desk.get("/desk/").content.decode()
    Order.objects.update(paid=24)
    assert "to pay" not in desk.get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "waiting 1 min"),
        (3599, "waiting 59 min"),
        (7200, "waiting 2 h"),
        (86400, "waiting 1 day"),
    ],
)
def test_a_wait_is_said_in_its_largest_unit(seconds: int, words: str) -> None:
    now = timezone.now()
    assert waited(now - timedelta(seconds=seconds), now) == words
