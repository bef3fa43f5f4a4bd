"""The books as files, and the order of a complaint's ticket as accounting billed it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.accounting.models import JournalEntry
from backoffice.tickets.models import Ticket
from officeflow.handoff.contracts import (
    ComplaintCategory,
    ComplaintRaised,
    ComplaintReopened,
    ComplaintSeverity,
)
from tests.accounting.conftest import deliver
from tests.accounting.test_pages import accountant, text_of  # noqa: F401
from tests.orders import NORA, line, order_cancelled, order_placed, payment_taken

pytestmark = pytest.mark.django_db
BOOKS = "/office/accounting"


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    """Returns the rows of an exported list by their headings."""
    joined = "&" if "?" in address else "?"
    content = b"".join(client.get(f"{address}{joined}export=csv"))  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def books() -> None:
    """An order at two rates, part paid; a free one; and a paid one that was cancelled."""
    lines = [line("12.00"), line("10.00", rate="0", position=2, sku="BOOK")]
    deliver(order_placed("SO-000001", lines))
    deliver(payment_taken("5.00", "PY-000001", "SO-000001"))
    deliver(order_placed("SO-000002", [line("12.00", discount="100")]))
    deliver(order_placed("SO-000003"))
    deliver(payment_taken("12.00", "PY-000002", "SO-000003"))
    deliver(order_cancelled("SO-000003"))


def test_invoices_are_exported_with_what_is_owed_and_the_tax_by_rate(
    accountant: Client,  # noqa: F811
    books: None,
) -> None:
    found = {row["Order"] + row["Kind"]: row for row in rows_of(accountant, f"{BOOKS}/invoices/")}
    part_paid = found["SO-000001Invoice"]
    assert (part_paid["Owed"], part_paid["To give back"]) == ("17.00", "0.00")
    assert (part_paid["Net at 20%"], part_paid["Tax at 20%"]) == ("10.00", "2.00")
    assert (part_paid["Net at 0%"], part_paid["Tax at 0%"]) == ("10.00", "0.00")
    cancelled = found["SO-000003Invoice"]
    assert (cancelled["Owed"], cancelled["To give back"]) == ("0.00", "12.00")
    assert found["SO-000003Credit note"]["Owed"] == ""


def test_the_sums_of_exported_invoices_are_those_of_the_tax_page(
    accountant: Client,  # noqa: F811
    books: None,
) -> None:
    documents = rows_of(accountant, f"{BOOKS}/invoices/")
    rates = rows_of(accountant, f"{BOOKS}/tax/")

    def sum_of(rows: list[dict[str, str]], column: str) -> D:
        return sum((D(row[column] or 0) for row in rows), D(0))

    (credited,) = (row for row in documents if row["Kind"] == "Credit note")
    assert (credited["Net"], credited["Tax"], credited["Total"]) == ("-10.00", "-2.00", "-12.00")
    assert sum_of(documents, "Net") == sum_of(rates, "Net") == 20
    assert sum_of(documents, "Tax") == sum_of(rates, "Tax owed") == 2
    assert sum_of(documents, "Tax at 20%") == D(rates[0]["Tax owed"])
    assert sum_of(documents, "Net at 20%") == D(rates[0]["Net"])
    assert "−£12.00" in text_of(accountant, f"{BOOKS}/invoices/")


def test_no_entry_is_missing_from_the_exported_journal(accountant: Client, books: None) -> None:  # noqa: F811
    rows = rows_of(accountant, f"{BOOKS}/journal/")
    entries = list(JournalEntry.objects.values_list("number", flat=True))
    assert {row["Entry"] for row in rows} == set(entries)
    free = [row for row in rows if row["Order"] == "SO-000002"]
    assert [(row["Account"], row["Debit"], row["Credit"]) for row in free] == [("", "", "")]
    assert sum(D(row["Debit"] or 0) for row in rows) == sum(D(row["Credit"] or 0) for row in rows)


def test_an_account_is_exported_with_its_balances(accountant: Client, books: None) -> None:  # noqa: F811
    rows = rows_of(accountant, f"{BOOKS}/accounts/1000/")
    assert [(row["Debit"], row["Balance"]) for row in rows] == [
        ("5.00", "5.00"),
        ("12.00", "17.00"),
    ]
    later = timezone.localdate() + timedelta(days=365)
    assert rows_of(accountant, f"{BOOKS}/accounts/1000/?from={later}") == []


def test_the_tax_of_a_period_is_exported(accountant: Client, books: None) -> None:  # noqa: F811
    rows = rows_of(accountant, f"{BOOKS}/tax/")
    assert [(row["Tax rate in percent"], row["Tax owed"]) for row in rows] == [
        ("20", "2.00"),
        ("0", "0.00"),
    ]


def test_each_column_of_the_trial_balance_has_its_total(accountant: Client, books: None) -> None:  # noqa: F811
    (total,) = accountant.get(f"{BOOKS}/accounts/").context["totals"]
    assert total.balanced
    assert total.debit_balance == total.credit_balance > 0


def test_nothing_is_to_pay_for_a_free_invoice_and_a_credited_one_is_given_back(
    accountant: Client,  # noqa: F811
    books: None,
) -> None:
    text = text_of(accountant, f"{BOOKS}/invoices/")
    assert "Nothing to pay" in text
    assert "£12.00 to give back" in " ".join(text.split())


def test_a_complaints_ticket_shows_the_order_as_billed(accountant: Client, books: None) -> None:  # noqa: F811
    about = {
        "complaint_number": "CP-000001",
        "site_code": "MAIN",
        "category": ComplaintCategory.BILLING,
        "severity": ComplaintSeverity.NORMAL,
        "customer": NORA,
    }
    deliver(
        ComplaintRaised(
            **about,  # type: ignore[arg-type]
            raised_at=timezone.now(),
            order_number="SO-000001",
            product_sku=None,
            description="Too dear",
            desired_outcome="",
        )
    )
    deliver(ComplaintReopened(**about, reopened_at=timezone.now(), reason="Still too dear"))  # type: ignore[arg-type]
    for ticket in Ticket.objects.all():
        text = text_of(accountant, f"/office/tickets/{ticket.number}/")
        assert "Order SO-000001 as billed" in text
        assert f"{BOOKS}/invoices/INV-" in text
        assert "£17.00" in text
