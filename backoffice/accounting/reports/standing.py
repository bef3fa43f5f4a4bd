"""Whether the books are whole, and what they made of each order."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count

from backoffice.accounting.models import Invoice, JournalEntry
from backoffice.accounting.states import DocumentKind
from officeflow.handoff.contracts import OrderCancelled, OrderPlaced, PaymentTaken, RefundPaid
from officeflow.handoff.models import Destination, Handoff, HandoffState

# Each of these makes exactly one journal entry.
BOOKED = (OrderPlaced, OrderCancelled, PaymentTaken, RefundPaid)


def invoices_of(order_numbers: Iterable[str]) -> dict[str, int]:
    """How many invoices each order has: exactly one when all is well.

    An order without any is not among the keys.
    """
    return dict(
        Invoice.objects.invoices()
        .filter(bill__order_number__in=list(order_numbers))
        .values_list("bill__order_number")
        .annotate(Count("pk"))
    )


def count_invoices() -> int:
    """How many invoices were issued."""
    return Invoice.objects.filter(kind=DocumentKind.INVOICE).count()


def handoffs_without_entry() -> int:
    """How many hand-offs about money were applied without an entry: none when all is well."""
    return (
        Handoff.objects.filter(
            destination=Destination.ACCOUNTING,
            state=HandoffState.APPLIED,
            contract__in=[contract.__name__ for contract in BOOKED],
        )
        .exclude(pk__in=JournalEntry.objects.values("handoff_id"))
        .count()
    )


def books_balance() -> bool:
    """Whether every journal entry balances; the database holds it, this looks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (
                SELECT FROM accounting_posting
                GROUP BY entry_id HAVING sum(debit) <> sum(credit)
            )
            """
        )
        (balanced,) = cursor.fetchone()
    return bool(balanced)


def numbers_without_gaps() -> bool:
    """Whether each series counts from one to its last without leaving any number out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (
                SELECT FROM accounting_numberseries s
                LEFT JOIN accounting_invoice i ON i.series_id = s.id
                GROUP BY s.id, s.last
                HAVING count(i.id) <> s.last OR coalesce(max(i.serial), 0) <> s.last
            )
            """
        )
        (without,) = cursor.fetchone()
    return bool(without)
