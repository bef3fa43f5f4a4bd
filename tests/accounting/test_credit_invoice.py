"""Crediting the invoice of a cancelled order."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from django.db import connection

from backoffice.accounting.models import Invoice, JournalEntry
from backoffice.accounting.reference import AccountCode
from backoffice.accounting.states import DocumentKind, ReceivableState
from officeflow.handoff.models import HandoffState
from tests.accounting.conftest import balance_of, deliver, posted_to_desk, postings_of, send
from tests.orders import line, order_cancelled, order_placed, payment_taken, refund_paid

pytestmark = pytest.mark.django_db


def test_the_credit_note_repeats_the_invoice_in_its_own_series() -> None:
    deliver(order_placed(lines=[line("12.00"), line("4.20", position=2, is_goods=False)]))
    deliver(order_cancelled())
    invoice = Invoice.objects.get(kind=DocumentKind.INVOICE)
    note = Invoice.objects.get(kind=DocumentKind.CREDIT_NOTE)
    assert note.number.startswith("CN-")
    assert note.serial == 1
    assert note.reverses == invoice
    assert (note.net, note.tax, note.gross) == (invoice.net, invoice.tax, invoice.gross)
    assert list(note.lines.values_list("sku", "gross")) == list(
        invoice.lines.values_list("sku", "gross")
    )


def test_the_entry_reverses_that_of_the_invoice() -> None:
    deliver(order_placed())
    deliver(order_cancelled())
    original, reversal = JournalEntry.objects.order_by("pk")
    assert reversal.reverses == original
    assert postings_of(reversal) == [(name, c, d) for name, d, c in postings_of(original)]
    for account in AccountCode:
        assert balance_of(account) == 0


def test_the_paid_amount_becomes_a_refund_due() -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00"))
    deliver(order_cancelled())
    assert balance_of(AccountCode.RECEIVABLE) == 0
    assert balance_of(AccountCode.REFUNDS_PAYABLE) == D("-5.00")
    (due,) = posted_to_desk("RefundDue")
    note = Invoice.objects.get(kind=DocumentKind.CREDIT_NOTE)
    assert (D(due["amount"]), due["credit_note_number"]) == (D("5.00"), note.number)
    connection.check_constraints()


def test_an_overpaid_amount_becomes_a_refund_due() -> None:
    deliver(order_placed())
    deliver(payment_taken("20.00"))
    deliver(order_cancelled())
    assert D(posted_to_desk("RefundDue")[0]["amount"]) == D("20.00")
    assert balance_of(AccountCode.RECEIVABLE) == 0


def test_a_refund_is_promised_once() -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00", "PY-000001"))
    deliver(order_cancelled())
    deliver(payment_taken("3.00", "PY-000002"))
    deliver(refund_paid("5.00", "PY-000003"))
    deliver(payment_taken("4.00", "PY-000004"))
    assert [D(each["amount"]) for each in posted_to_desk("RefundDue")] == [
        D("5.00"),
        D("3.00"),
        D("4.00"),
    ]


def test_an_unpaid_order_has_no_refund_due() -> None:
    deliver(order_placed())
    deliver(order_cancelled())
    assert posted_to_desk("RefundDue") == []
    progressed = posted_to_desk("BillingProgressed")[-1]
    assert progressed["state"] == ReceivableState.CREDITED
    assert progressed["credit_note_number"].startswith("CN-")


def test_a_free_order_is_credited_with_an_empty_entry() -> None:
    deliver(order_placed(lines=[line("0")]))
    deliver(order_cancelled())
    assert JournalEntry.objects.filter(postings__isnull=True).count() == 2
    connection.check_constraints()


def test_an_order_is_credited_once() -> None:
    deliver(order_placed())
    deliver(order_cancelled())
    again = send(order_cancelled())
    assert again.state == HandoffState.DEAD
    assert Invoice.objects.count() == 2
