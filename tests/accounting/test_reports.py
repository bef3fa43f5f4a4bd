"""What accounting tells the gallery: that all is well, and when it is not."""

from __future__ import annotations

import pytest

from backoffice.accounting.models import JournalEntry
from backoffice.accounting.reports import (
    books_balance,
    count_invoices,
    handoffs_without_entry,
    invoices_of,
)
from officeflow.handoff.models import Handoff, HandoffState, Stream
from tests.accounting.conftest import tell, try_to_tell
from tests.orders import line, order_cancelled, order_placed, payment_taken, refund_paid

pytestmark = pytest.mark.django_db


def test_every_handoff_about_money_has_one_entry() -> None:
    tell(order_placed("SO-000001"))
    tell(order_placed("SO-000002", [line("0")]))
    tell(payment_taken("12.00"))
    tell(order_cancelled())
    tell(refund_paid("12.00"))
    assert handoffs_without_entry() == 0
    assert JournalEntry.objects.count() == 5
    assert books_balance()


def test_one_that_was_applied_without_an_entry_is_counted() -> None:
    applied = tell(order_placed())
    stream = Stream.objects.create(destination="accounting", subject="SO-000404", posted=1)
    Handoff.objects.create(
        stream=stream,
        sequence=1,
        destination="accounting",
        subject="SO-000404",
        contract="OrderPlaced",
        payload={},
        state=HandoffState.APPLIED,
        due_at=applied.due_at,
        posted_at=applied.posted_at,
        delivered_at=applied.delivered_at,
    )
    assert handoffs_without_entry() == 1


def test_what_was_refused_is_not_counted_as_booked() -> None:
    tell(order_placed())
    try_to_tell(payment_taken("12.00", currency="EUR"))
    assert handoffs_without_entry() == 0


def test_invoices_are_counted_by_order_without_credit_notes() -> None:
    tell(order_placed("SO-000001"))
    tell(order_cancelled("SO-000001"))
    tell(order_placed("SO-000002"))
    assert invoices_of(["SO-000001", "SO-000003"]) == {"SO-000001": 1}
    assert count_invoices() == 2
