"""Document numbers have no gaps and no duplicates under concurrency and failures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from backoffice.accounting.models import Invoice, NumberSeries
from backoffice.accounting.numbering import next_document_numbers
from backoffice.accounting.states import DocumentKind
from officeflow.company.queries import office_date
from officeflow.handoff.applying import apply, draining
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from tests.accounting.conftest import deliver, numbers_without_gaps
from tests.orders import order_placed

ORDERS = 60
WORKERS = 6


class PowerCut(Exception):
    """Raised after a number was assigned."""


def drain() -> None:
    """Applies hand-offs one by one, with its own connection."""
    try:
        draining.drain([Destination.ACCOUNTING.value])
    finally:
        connection.close()


def apply_batches() -> None:
    """Applies hand-offs several at a time, as a worker does at a notification."""
    try:
        apply.apply_due(Destination.ACCOUNTING.value)
    finally:
        connection.close()


@transaction.atomic
def assign_and_fail(year: int) -> None:
    """Assigns a number and raises an error."""
    next_document_numbers(DocumentKind.INVOICE, year, 1)
    raise PowerCut


def assign_and_fail_in_thread(year: int) -> None:
    """Does the same with its own connection."""
    try:
        with pytest.raises(PowerCut):
            assign_and_fail(year)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_concurrent_invoices_have_no_gaps_when_some_fail() -> None:
    with transaction.atomic():
        for n in range(ORDERS):
            number = f"SO-{n:06d}"
            post(order_placed(number), to=[Destination.ACCOUNTING], subject=number, actor=None)
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = [pool.submit(apply_batches) for _ in range(WORKERS // 2)]
        jobs += [pool.submit(drain) for _ in range(WORKERS // 2 - 1)]
        jobs += [pool.submit(assign_and_fail_in_thread, office_date().year) for _ in range(ORDERS)]
        for job in jobs:
            job.result(timeout=60)
    drain()
    assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exclude(
        destination=Destination.FRONTDESK
    )
    serials = sorted(Invoice.objects.values_list("serial", flat=True))
    assert serials == list(range(1, ORDERS + 1))
    assert numbers_without_gaps()


@pytest.mark.django_db
def test_a_rolled_back_number_is_used_again() -> None:
    deliver(order_placed("SO-000001"))
    year = Invoice.objects.get().issued_date.year
    with pytest.raises(PowerCut):
        assign_and_fail(year)
    deliver(order_placed("SO-000002"))
    assert Invoice.objects.latest("pk").serial == 2


@pytest.mark.django_db
def test_a_gap_is_detected() -> None:
    deliver(order_placed("SO-000001"))
    assert numbers_without_gaps()
    NumberSeries.objects.update(last=7)
    assert not numbers_without_gaps()


@pytest.mark.django_db
def test_each_kind_and_year_has_its_own_series() -> None:
    with transaction.atomic():
        drawn = [
            str(number)
            for kind in (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE)
            for year, count in ((2026, 1), (2027, 1), (2026, 2))
            for number in next_document_numbers(kind, year, count)
        ]
    assert drawn == [
        "INV-2026-000001",
        "INV-2027-000001",
        "INV-2026-000002",
        "INV-2026-000003",
        "CN-2026-000001",
        "CN-2027-000001",
        "CN-2026-000002",
        "CN-2026-000003",
    ]
