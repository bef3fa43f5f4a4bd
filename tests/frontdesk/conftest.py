"""Rita's browser, an order, complaints, and reports of the back office."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.handoff import contracts
from officeflow.handoff.applying import draining
from officeflow.handoff.contracts import Contract
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def desk(rita: User, office: object) -> Client:
    """Rita's browser."""
    return signed_in(rita)


@pytest.fixture
def order(rita: User, nora: Customer, mug: Product) -> Order:
    """Nora's two mugs."""
    line = NewLine(product=mug, quantity=Decimal(2))
    return place_order(actor=rita, customer=nora, lines=[line], note="Wrap them well")


@pytest.fixture
def complaint(rita: User, nora: Customer, order: Order) -> Complaint:
    """Nora's chipped mug."""
    return raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.GOODS,
        description="One mug is chipped",
        order=order,
    )


@pytest.fixture
def sealed(rita: User, nora: Customer, office: object) -> Complaint:
    """Nora's sealed complaint about a colleague."""
    return raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description="He shouted at me",
        desired_outcome="An apology",
    )


def report(contract: Contract, subject: str) -> None:
    """Posts a contract of the back office to the front desk and applies it."""
    with transaction.atomic():
        post(contract, to=[Destination.FRONTDESK], subject=subject, actor=None)
    draining.drain([Destination.FRONTDESK])


@pytest.fixture
def reports() -> Callable[[Contract, str], None]:
    """Returns `report`."""
    return report


@pytest.fixture
def report_goods(reports: Callable[[Contract, str], None]) -> Callable[[Order, str], None]:
    """Returns a function that reports the state of an order's goods."""

    def say(order: Order, state: str) -> None:
        reports(
            contracts.FulfilmentProgressed(
                order_number=order.number, state=state, at=timezone.now(), by_name="Femi"
            ),
            order.number,
        )
        order.refresh_from_db()

    return say


@pytest.fixture
def report_answer(reports: Callable[[Contract, str], None]) -> Callable[[Complaint, str], None]:
    """Returns a function that reports a department's answer to a complaint."""

    def say(complaint: Complaint, message: str) -> None:
        reports(
            contracts.ComplaintResolved(
                complaint_number=complaint.number,
                outcome="upheld",
                message=message,
                resolved_at=timezone.now(),
                resolved_by_name="Femi Fulfilment",
            ),
            complaint.number,
        )
        complaint.refresh_from_db()

    return say


@pytest.fixture
def return_with_question(reports: Callable[[Contract, str], None]) -> Callable[[str, str], None]:
    """Returns a function with which fulfilment returns ticket TK-000077 with a question."""

    def ask(subject: str, question: str) -> None:
        reports(
            contracts.TicketReturned(
                ticket_number="TK-000077",
                subject=subject,
                department="fulfilment",
                reason="ask_customer",
                question=question,
                returned_at=timezone.now(),
                returned_by_name="Femi Fulfilment",
            ),
            subject,
        )

    return ask
