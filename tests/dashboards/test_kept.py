"""What the house says when old hand-offs are no longer kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from frontdesk.models import Order
from officeflow.handoff import keeping, queries, tally
from officeflow.handoff.contracts import OrderPlaced
from officeflow.handoff.models import Handoff, Stream

pytestmark = pytest.mark.django_db


def let_go() -> None:
    """All that is applied is old, and old hand-offs are not kept."""
    tally.fold_everything()
    Stream.objects.update(settled_at="2020-01-01T00:00:00Z")
    keeping.trim(days=1)


def test_a_record_keeps_its_voucher_without_what_it_said(
    order: Callable[[], Order], drain: Callable[[], int]
) -> None:
    order()
    drain()
    let_go()
    connection.check_constraints()
    kept = Handoff.objects.filter(contract=OrderPlaced.__name__)
    assert [(each.payload, each.receipt.attempt) for each in kept] == [({}, 1)] * 3
    assert not Handoff.objects.exclude(contract=OrderPlaced.__name__).exists()
    assert queries.balance().balanced
