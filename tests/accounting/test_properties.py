"""Properties of the books after any orders, payments and cancellations."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import count

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from backoffice.accounting.models import Invoice, JournalEntry, Posting, Receivable
from backoffice.accounting.reference import AccountCode
from officeflow.handoff.contracts import OrderLine
from tests.accounting.conftest import (
    balance_of,
    books_balance,
    deliver,
    numbers_without_gaps,
    posted_to_desk,
)
from tests.factories import make_office
from tests.orders import line, order_cancelled, order_placed, payment_taken, refund_paid

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def amounts(most: str) -> st.SearchStrategy[D]:
    return st.decimals(min_value=D("0.01"), max_value=D(most), places=2)


@st.composite
def orders(draw: st.DrawFn) -> tuple[bool, list[OrderLine]]:
    """Whether prices include tax, and one to five lines, some of them free."""
    includes_tax = draw(st.booleans())
    lines = [
        line(
            str(draw(st.decimals(min_value=0, max_value=D("5000"), places=4))),
            quantity=str(draw(st.decimals(min_value=D("0.001"), max_value=D("500"), places=3))),
            rate=draw(st.sampled_from(["0", "0.05", "0.125", "0.2", "0.25"])),
            discount=str(draw(st.decimals(min_value=0, max_value=100, places=2))),
            is_goods=draw(st.booleans()),
            position=position,
            includes_tax=includes_tax,
        )
        for position in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return includes_tax, lines


class AnyOrder(TestCase):
    def setUp(self) -> None:
        make_office()

    @FEW
    @given(orders())
    def test_the_invoice_and_its_entry_add_up(self, order: tuple[bool, list[OrderLine]]) -> None:
        includes_tax, lines = order
        placed = order_placed(lines=lines, includes_tax=includes_tax)
        deliver(placed)
        invoice = Invoice.objects.get()
        assert (invoice.net, invoice.tax, invoice.gross) == (placed.net, placed.tax, placed.gross)
        assert invoice.gross == sum(each.gross for each in invoice.lines.all())
        assert balance_of(AccountCode.RECEIVABLE) == invoice.gross
        assert -balance_of(AccountCode.OUTPUT_TAX) == invoice.tax
        sales = balance_of(AccountCode.SALES_GOODS) + balance_of(AccountCode.SALES_SERVICES)
        assert -sales == invoice.net
        connection.check_constraints()

    @FEW
    @given(orders(), st.lists(amounts("9000"), max_size=4), st.lists(amounts("900"), max_size=3))
    def test_nothing_is_owed_after_cancellation_and_refunds(
        self, order: tuple[bool, list[OrderLine]], before: list[D], after: list[D]
    ) -> None:
        includes_tax, lines = order
        numbers = (f"PY-{n:06d}" for n in count(1))
        deliver(order_placed(lines=lines, includes_tax=includes_tax))
        for amount in before:
            deliver(payment_taken(amount, next(numbers)))
        deliver(order_cancelled())
        for amount in after:
            deliver(payment_taken(amount, next(numbers)))
        due = [D(each["amount"]) for each in posted_to_desk("RefundDue")]
        assert sum(due) == sum(before) + sum(after)
        assert -balance_of(AccountCode.REFUNDS_PAYABLE) == sum(due)
        for amount in due:
            deliver(refund_paid(amount, next(numbers)))
        for account in AccountCode:
            assert balance_of(account) == 0, account.name
        assert Receivable.objects.get().balance == 0
        assert JournalEntry.objects.count() == 2 + len(before) + len(after) + len(due)
        connection.check_constraints()

    @FEW
    @given(st.lists(st.booleans(), min_size=1, max_size=8))
    def test_numbers_have_no_gaps_and_books_balance(self, cancelled: list[bool]) -> None:
        for n, is_cancelled in enumerate(cancelled):
            deliver(order_placed(f"SO-{n:06d}"))
            if is_cancelled:
                deliver(order_cancelled(f"SO-{n:06d}"))
        assert numbers_without_gaps()
        assert books_balance()
        assert list(
            Invoice.objects.invoices().order_by("serial").values_list("serial", flat=True)
        ) == list(range(1, len(cancelled) + 1))
        assert Posting.objects.exists()
