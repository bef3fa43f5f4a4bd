"""Orders that accounting and HR receive several at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from backoffice.accounting.models import Invoice, JournalEntry, Receivable, ReceivablePeriod
from backoffice.hr.models import Commission
from officeflow.audit.models import AuditEntry
from officeflow.handoff.applying import apply
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt, HandoffState
from officeflow.handoff.outbox import post
from officeflow.staff.models import User
from tests.accounting.conftest import books_balance, numbers_without_gaps, posted_to_desk
from tests.orders import line, order_placed

pytestmark = pytest.mark.django_db
BOTH = [Destination.ACCOUNTING, Destination.HR]


def place(who: User, *numbers: int) -> list[str]:
    """Posts orders of as many mugs as their number says, whose hand-offs wait for a minute."""
    names = [f"SO-{number:06d}" for number in numbers]
    with transaction.atomic():
        for number, name in zip(numbers, names, strict=True):
            lines = [line("12.00", position=place + 1) for place in range(number)]
            order = order_placed(name, lines, salesperson_id=who.pk)
            post(order, to=BOTH, subject=name, actor=None)
    Handoff.objects.update(
        posted_at=F("posted_at") - timedelta(minutes=1), due_at=Now() - timedelta(minutes=1)
    )
    return names


def test_each_order_has_its_own_invoice_entry_and_report(rita: User) -> None:
    names = place(rita, 1, 2, 3)
    assert apply.apply_due("accounting") == 3
    for pieces, name in enumerate(names, start=1):
        receivable = Receivable.objects.get(order_number=name)
        assert receivable.gross == 12 * pieces
        assert ReceivablePeriod.objects.get(receivable=receivable).state == "invoiced"
        invoice = receivable.documents.get()
        assert invoice.handoff.subject == name
        assert [each.position for each in invoice.lines.all()] == list(range(1, pieces + 1))
        entry = JournalEntry.objects.get(handoff=invoice.handoff)
        assert (entry.document, entry.receivable) == (invoice.number, receivable)
        assert sum(each.debit for each in entry.postings.all()) == 12 * pieces
        audited = AuditEntry.objects.get(action="issue_invoice", subject=invoice.number)
        assert audited.changes["order"] == [None, name]
        (report,) = posted_to_desk("BillingProgressed", name)
        assert report["invoice_number"] == invoice.number
    assert sorted(Invoice.objects.values_list("serial", flat=True)) == [1, 2, 3]
    assert numbers_without_gaps()
    assert books_balance()
    connection.check_constraints()
    assert HandoffReceipt.objects.count() == 3


def test_each_order_has_its_own_commission(rita: User) -> None:
    names = place(rita, 1, 2, 3)
    assert apply.apply_due("hr") == 3
    for pieces, name in enumerate(names, start=1):
        assert Commission.objects.get(order_number=name).net == 10 * pieces
        assert AuditEntry.objects.filter(action="accrue_commission", subject=name).count() == 1


def test_an_order_that_cannot_be_invoiced_does_not_stop_the_others(rita: User) -> None:
    names = place(rita, 1, 2, 3)
    wrong = Handoff.objects.get(destination="accounting", subject=names[1])
    wrong.payload["site_code"] = "MOON"
    wrong.save(update_fields=["payload"])
    assert apply.apply_due("accounting") == 2
    wrong.refresh_from_db()
    assert (wrong.state, "no site" in wrong.last_error) == (HandoffState.DEAD, True)
    invoiced = set(Receivable.objects.values_list("order_number", flat=True))
    assert invoiced == {names[0], names[2]}
    assert sorted(Invoice.objects.values_list("serial", flat=True)) == [1, 2]
    assert numbers_without_gaps()
    connection.check_constraints()


@pytest.mark.parametrize("destination", ["accounting", "hr"])
def test_many_orders_take_no_more_statements_than_two(destination: str, rita: User) -> None:
    counts = []
    for numbers in ([1, 2], range(3, 15)):
        names = place(rita, *numbers)
        with CaptureQueriesContext(connection) as queries:
            assert apply.apply_due(destination) == len(names)
        counts.append(len(queries))
    assert counts[1] == counts[0]
