"""Helpers that apply contracts in HR."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from officeflow.company.models import Office
from officeflow.handoff.contracts import ComplaintRaised, ComplaintReopened, Contract, OrderLine
from officeflow.handoff.models import Destination, Handoff
from officeflow.staff.models import User
from tests import orders

SECRET = "The clerk with the red scarf called me a walrus"
WISH = "An apology in writing"


@pytest.fixture(autouse=True)
def _office(office: Office) -> None:
    """An office exists in every test."""


def deliver(contract: Contract, *, is_sealed: bool = False) -> Handoff:
    """Applies a contract in HR."""
    return orders.deliver(contract, Destination.HR, is_sealed=is_sealed)


def sold(
    by: User,
    number: str = "SO-000001",
    lines: Sequence[OrderLine] = (),
    at: datetime = orders.WHEN,
) -> Handoff:
    """Delivers an order of one mug (net 10.00), unless lines are given."""
    return deliver(orders.order_placed(number, lines, salesperson_id=by.pk, ordered_at=at))


def complaint(number: str = "CP-000001", severity: str = "high") -> ComplaintRaised:
    return ComplaintRaised(
        complaint_number=number,
        site_code="MAIN",
        raised_at=orders.WHEN,
        category="conduct",
        severity=severity,
        customer=orders.NORA,
        order_number="SO-000001",
        product_sku=None,
        description=SECRET,
        desired_outcome=WISH,
    )


def reopened(number: str = "CP-000001") -> ComplaintReopened:
    return ComplaintReopened(
        complaint_number=number,
        site_code="MAIN",
        reopened_at=orders.WHEN,
        category="conduct",
        severity="normal",
        customer=orders.NORA,
        reason="It happened again on Tuesday",
    )
