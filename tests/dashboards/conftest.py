"""Orders, complaints and dead hand-offs for the dashboards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.staff.models import User
from tests.consumers import refusing_consumer


@pytest.fixture
def order(rita: User, mug: Product, nora: Customer) -> Callable[[], Order]:
    """Places an order of one mug."""
    return lambda: place_order(
        actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )


@pytest.fixture
def complain(rita: User, nora: Customer) -> Callable[..., Complaint]:
    """Raises a complaint of a category."""
    return partial(
        raise_complaint, actor=rita, customer=nora, description="He shouted at me on Tuesday"
    )


@pytest.fixture
def conduct(complain: Callable[..., Complaint]) -> Complaint:
    """A complaint that only HR may know."""
    return complain(category=ComplaintCategory.CONDUCT)


@pytest.fixture
def killed() -> Callable[[str, str], Handoff]:
    """Makes a waiting hand-off of a contract dead at a destination; all others are applied."""

    def kill(contract: str, destination: str) -> Handoff:
        with refusing_consumer(destination, contract, "{subject} cannot be filed"):
            draining.drain()
        return Handoff.objects.filter(
            contract=contract, destination=destination, state=HandoffState.DEAD
        ).latest("id")

    return kill


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """A test client that is signed in as a user."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
