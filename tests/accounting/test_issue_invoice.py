"""Issuing the invoice of a placed order."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
import time_machine
from django.db import connection

from backoffice.accounting.models import Invoice, JournalEntry, Posting, Receivable
from backoffice.accounting.states import ReceivableState
from officeflow.audit.models import AuditEntry
from officeflow.handoff.models import HandoffState
from tests.accounting.conftest import deliver, posted_to_desk, postings_of, send
from tests.moments import Moment, any_day
from tests.orders import line, order_placed

pytestmark = pytest.mark.django_db


def test_an_order_of_goods_and_services_is_invoiced_line_by_line() -> None:
    lines = [
        line("12.00", quantity="2", position=1),
        line("9.99", rate="0", position=2, sku="BOOK"),
        line("4.20", position=3, sku="POST", is_goods=False),
    ]
    deliver(order_placed(lines=lines))
    invoice = Invoice.objects.get()
    assert [(each.sku, each.net, each.tax, each.gross) for each in invoice.lines.all()] == [
        ("MUG", D("20.00"), D("4.00"), D("24.00")),
        ("BOOK", D("9.99"), D("0"), D("9.99")),
        ("POST", D("3.50"), D("0.70"), D("4.20")),
    ]
    assert (invoice.net, invoice.tax, invoice.gross) == (D("33.49"), D("4.70"), D("38.19"))
    assert postings_of(JournalEntry.objects.get()) == [
        ("Accounts receivable", D("38.19"), D(0)),
        ("Sales of goods", D(0), D("29.99")),
        ("Sales of services", D(0), D("3.50")),
        ("Output tax", D(0), D("4.70")),
    ]
    connection.check_constraints()


def test_tax_is_added_to_prices_without_tax() -> None:
    deliver(order_placed(lines=[line("10.00", includes_tax=False)], includes_tax=False))
    invoice = Invoice.objects.get()
    assert (invoice.net, invoice.tax, invoice.gross) == (D("10.00"), D("2.00"), D("12.00"))
    assert not invoice.prices_include_tax


def test_the_invoice_is_reported_to_the_desk_with_its_number() -> None:
    deliver(order_placed())
    (progressed,) = posted_to_desk("BillingProgressed")
    assert progressed["state"] == ReceivableState.INVOICED
    assert progressed["invoice_number"] == Invoice.objects.get().number


@time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False)
def test_the_number_has_the_year_and_starts_at_one() -> None:
    deliver(order_placed("SO-000001"))
    deliver(order_placed("SO-000002"))
    with time_machine.travel(datetime(2027, 1, 1, 0, 30, tzinfo=UTC), tick=False):
        deliver(order_placed("SO-000003"))
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == [
        "INV-2026-000001",
        "INV-2026-000002",
        "INV-2027-000001",
    ]


@any_day
def test_day_and_year_are_those_of_the_offices_time_zone(moment: Moment) -> None:
    deliver(order_placed(ordered_at=moment.at))
    invoice = Invoice.objects.get()
    assert invoice.number == f"INV-{moment.day.year}-000001"
    assert (invoice.supplied_date, invoice.issued_date) == (moment.day, moment.day)
    assert JournalEntry.objects.get().booked_date == moment.day


def test_the_document_keeps_the_sellers_name_and_address(office) -> None:
    office.main_site.address = "1 Lantern Lane\nLondon"
    office.main_site.save()
    deliver(order_placed())
    office.name = "Another Name"
    office.save()
    invoice = Invoice.objects.get()
    assert (invoice.seller_name, invoice.seller_address) == (
        "The Paper Lantern",
        "1 Lantern Lane\nLondon",
    )


def test_a_walk_in_is_invoiced_without_a_customer() -> None:
    deliver(order_placed(customer=None))
    receivable = Receivable.objects.get()
    assert (receivable.customer_number, receivable.customer_name) == ("", "")


def test_a_free_order_has_an_invoice_an_empty_entry_and_is_paid() -> None:
    deliver(order_placed(lines=[line("12.00", discount="100")]))
    assert Invoice.objects.get().gross == 0
    assert not Posting.objects.exists()
    assert JournalEntry.objects.count() == 1
    assert posted_to_desk("BillingProgressed")[0]["state"] == ReceivableState.PAID
    connection.check_constraints()


def test_a_second_order_placed_under_one_number_is_dead_and_changes_nothing() -> None:
    deliver(order_placed())
    again = send(order_placed())
    assert again.state == HandoffState.DEAD
    assert "has an invoice already" in again.last_error
    assert Invoice.objects.count() == JournalEntry.objects.count() == 1


def test_issuing_an_invoice_is_audited() -> None:
    deliver(order_placed())
    entry = AuditEntry.objects.get(action="issue_invoice")
    assert entry.subject == Invoice.objects.get().number
    assert entry.changes["gross"] == [None, "12.00"]
    assert entry.actor is None
