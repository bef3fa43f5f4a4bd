"""Constraints and triggers of the books, tested without the actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from backoffice.accounting.models import (
    Account,
    Invoice,
    InvoiceLine,
    JournalEntry,
    MoneyMovement,
    Posting,
)
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.outbox import post
from tests.accounting.conftest import deliver
from tests.orders import WHEN, order_placed, payment_taken

BOOKS = [Invoice, InvoiceLine, JournalEntry, MoneyMovement, Posting]


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def refused(error: type[DatabaseError], words: str) -> Iterator[None]:
    with pytest.raises(error, match=words), transaction.atomic():
        yield  # what is deferred is judged when the transaction commits


@pytest.fixture
def written(transactional_db: None, office: object) -> None:
    """An invoice and a payment, committed."""
    deliver(order_placed())
    deliver(payment_taken("5.00"))


@pytest.fixture
def booked(db: None, office: object) -> None:
    """An invoice and a payment in the test's transaction, which is not committed."""
    deliver(order_placed())
    deliver(payment_taken("5.00"))


@pytest.mark.parametrize("model", BOOKS)
def test_rows_of_the_books_cannot_be_changed(booked: None, model) -> None:
    table, key = model._meta.db_table, model.objects.latest("pk").pk
    with refused(DatabaseError, "Cannot update or delete"):
        run(f"UPDATE {table} SET id = id WHERE id = %s", key)


@pytest.mark.parametrize("model", BOOKS)
def test_rows_of_the_books_cannot_be_deleted(booked: None, model) -> None:
    with refused(DatabaseError, "Cannot update or delete"):
        run(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", BOOKS)
def test_tables_of_the_books_cannot_be_truncated(written: None, model) -> None:
    with refused(DatabaseError, "append-only"):
        run("SET LOCAL officeflow.allow_truncate = 'no'")
        run(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_balanced_postings_cannot_be_added_to_a_written_entry(written: None) -> None:
    entry = JournalEntry.objects.latest("pk").pk
    cash = Account.objects.get(name="Cash").pk
    with refused(IntegrityError, "once it is written"):
        run(
            "INSERT INTO accounting_posting (entry_id, account_id, debit, credit) "
            "VALUES (%s, %s, 7, 0), (%s, %s, 0, 7)",
            entry,
            cash,
            entry,
            cash,
        )


def test_lines_cannot_be_added_to_an_issued_invoice(written: None) -> None:
    line = InvoiceLine.objects.get()
    line.pk, line.position = None, 2
    with refused(IntegrityError, "once it is written"):
        line.save(force_insert=True)


def new_entry() -> JournalEntry:
    """Returns an entry without postings on its own hand-off."""
    old = JournalEntry.objects.latest("pk")
    post(
        GoodsHandedOver(order_number="SO-000001", handed_over_at=WHEN),
        to=[Destination.FULFILMENT],
        subject="SO-000001",
        actor=None,
    )
    return JournalEntry.objects.create(
        handoff=Handoff.objects.latest("pk"),
        receivable=old.receivable,
        booked_date=old.booked_date,
        booked_at=old.booked_at,
        kind=old.kind,
        document="PY-000077",
        currency="GBP",
    )


def test_an_entry_that_does_not_balance_is_refused_at_the_commit(written: None) -> None:
    cash = Account.objects.get(name="Cash")
    with refused(IntegrityError, "does not balance"):
        entry = new_entry()
        Posting.objects.create(entry=entry, account=cash, debit=7)
    assert not JournalEntry.objects.filter(document="PY-000077").exists()


def test_an_entry_without_postings_is_refused_at_the_commit(written: None) -> None:
    with refused(IntegrityError, "has no postings"):
        new_entry()
    assert not JournalEntry.objects.filter(document="PY-000077").exists()


def test_an_entry_that_balances_is_kept(written: None) -> None:
    cash, bank = Account.objects.get(name="Cash"), Account.objects.get(name="Bank")
    with transaction.atomic():
        entry = new_entry()
        Posting.objects.create(entry=entry, account=cash, debit=7)
        Posting.objects.create(entry=entry, account=bank, credit=7)
    assert JournalEntry.objects.filter(document="PY-000077").exists()


def test_a_posting_has_one_side(written: None) -> None:
    cash = Account.objects.get(name="Cash")
    with refused(IntegrityError, "posting_one_side"):
        Posting.objects.create(entry=new_entry(), account=cash, debit=7, credit=7)


def test_an_invoice_whose_lines_do_not_add_up_is_refused_at_the_commit(written: None) -> None:
    old = Invoice.objects.get()
    with refused(IntegrityError, "do not add up"):
        entry = new_entry()
        Invoice.objects.create(
            number="CN-2026-000099",
            kind="credit_note",
            series=old.series,
            serial=99,
            receivable=old.receivable,
            handoff=entry.handoff,
            reverses=old,
            issued_date=old.issued_date,
            issued_at=old.issued_at,
            seller_name=old.seller_name,
            currency="GBP",
            prices_include_tax=True,
            net=10,
            tax=2,
            gross=12,
        )
        Posting.objects.create(entry=entry, account=Account.objects.get(name="Cash"), debit=7)
        Posting.objects.create(entry=entry, account=Account.objects.get(name="Bank"), credit=7)
