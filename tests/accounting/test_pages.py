"""Accounting's pages: contents, permissions and numbers of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from backoffice.accounting.models import Invoice, JournalEntry
from officeflow.company.models import Office
from officeflow.handoff.contracts import Party
from officeflow.staff.models import User
from tests.accounting.conftest import deliver
from tests.orders import line, order_cancelled, order_placed, payment_taken

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
INVOICES = "/office/accounting/invoices/"
JOURNAL = "/office/accounting/journal/"
FORMATS = ("SHORT_DATE_FORMAT", "DATE_FORMAT")
ACCOUNTS = "/office/accounting/accounts/"


@pytest.fixture
def accountant(client: Client, amir: User) -> Client:
    client.force_login(amir, backend=BACKEND)
    return client


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def number_of(order: str, kind: str = "invoice") -> str:
    return Invoice.objects.get(receivable__order_number=order, kind=kind).number


@pytest.fixture
def three_orders() -> None:
    """Three orders: one open, one paid by Émile, one credited."""
    deliver(order_placed("SO-000001"))
    deliver(order_placed("SO-000002", customer=Party(number="CU-000077", name="Émile Žižka")))
    deliver(payment_taken("12.00", order="SO-000002"))
    deliver(order_placed("SO-000003"))
    deliver(order_cancelled("SO-000003"))


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ("", {"SO-000001", "SO-000002", "SO-000003"}),
        ("?state=open", {"SO-000001"}),
        ("?state=paid", {"SO-000002"}),
        ("?state=credited", {"SO-000003"}),
        ("?state=credit_notes", {"SO-000003"}),
        ("?state=nonsense", {"SO-000001", "SO-000002", "SO-000003"}),
        ("?q=zizka", {"SO-000002"}),
        ("?q=so-000001", {"SO-000001"}),
        ("?q=CU-000077", {"SO-000002"}),
        ("?q=CN-", {"SO-000003"}),
        ("?q=nobody", set()),
    ],
)
def test_the_list_is_filtered_by_tab_and_text(
    accountant: Client, three_orders: None, query: str, orders: set[str]
) -> None:
    text = text_of(accountant, INVOICES + query)
    assert {f"SO-{n:06d}" for n in (1, 2, 3) if f'<span class="ref">SO-{n:06d}<' in text} == orders


def test_an_invoice_shows_its_lines_tax_and_balance(accountant: Client, office) -> None:
    office.main_site.address = "1 Lantern Lane"
    office.main_site.save()
    deliver(order_placed(lines=[line("12.00"), line("9.99", rate="0", sku="BOOK", position=2)]))
    deliver(payment_taken("5.00"))
    text = text_of(accountant, f"{INVOICES}{number_of('SO-000001')}/")
    for words in ("1 Lantern Lane", "Nora Nordmann", "The book", "20%", "£16.99"):
        assert words in text


def test_invoice_and_credit_note_link_to_each_other(accountant: Client, three_orders: None) -> None:
    invoice, note = number_of("SO-000003"), number_of("SO-000003", "credit_note")
    assert f"{INVOICES}{note}/" in text_of(accountant, f"{INVOICES}{invoice}/")
    assert f"{INVOICES}{invoice}/" in text_of(accountant, f"{INVOICES}{note}/")


def test_a_credit_balance_is_shown(accountant: Client) -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00"))
    deliver(order_cancelled())
    assert "To give back" in text_of(accountant, f"{INVOICES}{number_of('SO-000001')}/")


def test_an_unknown_invoice_is_404(accountant: Client) -> None:
    assert accountant.get(f"{INVOICES}INV-1999-000001/").status_code == 404


def test_the_journal_balances_and_can_be_searched(accountant: Client, three_orders: None) -> None:
    text = text_of(accountant, JOURNAL)
    assert "Accounts receivable" in text
    assert "Balanced" in text
    assert "£60.00" in text  # three invoices, a payment, a credit note: 12.00 each
    assert "Total of all entries" in text
    of_one = text_of(accountant, f"{JOURNAL}?document=SO-000002")
    assert "Total of the entries found" in of_one
    assert "£24.00" in of_one
    assert "SO-000001" not in of_one


def test_the_accounts_show_their_balances(accountant: Client, three_orders: None) -> None:
    text = text_of(accountant, ACCOUNTS)
    assert "Output tax" in text
    assert "£4.00" in text


@pytest.mark.parametrize("address", [JOURNAL, f"{ACCOUNTS}1000/", "/office/accounting/tax/"])
def test_a_period_that_ends_before_it_begins_is_said_and_not_exported(
    accountant: Client, three_orders: None, address: str
) -> None:
    period = "?from=2026-03-02&to=2026-03-01"
    assert "The end date is before the start date." in text_of(accountant, address + period)
    assert accountant.get(f"{address}{period}&export=csv").status_code == 422
    assert "before the start" not in text_of(accountant, f"{address}?from=2026-03-02&to=2026-03-02")


def test_a_booked_day_stays_when_the_office_moves_to_another_time_zone(
    accountant: Client,
) -> None:
    with time_machine.travel("2026-11-30T23:30:00+00:00", tick=False):
        deliver(order_placed("SO-000001"))
        deliver(order_placed("SO-000002"))
        deliver(order_cancelled("SO-000002"))
    Office.objects.update(time_zone="Pacific/Kiritimati")
    entry = JournalEntry.objects.order_by("pk")[0]
    for address in (INVOICES, JOURNAL, f"{JOURNAL}{entry.number}/"):
        shown = {date_format(entry.booked_date, each) for each in FORMATS}
        later = {date_format(entry.booked_date + timedelta(days=1), each) for each in FORMATS}
        text = text_of(accountant, address)
        assert any(each in text for each in shown), address
        assert not any(each in text for each in later), address


def test_pages_are_linked_by_key(accountant: Client) -> None:
    for n in range(60):
        deliver(order_placed(f"SO-{n:06d}"))
    first = accountant.get(INVOICES).context["page"]
    second = accountant.get(first.next_url).context["page"]
    assert len(first.rows) == 50
    assert len(second.rows) == 10
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    back = accountant.get(second.previous_url).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


@pytest.mark.parametrize("address", [f"{INVOICES}?after=x", f"{JOURNAL}?after=x&before=9e9"])
def test_a_malformed_address_shows_the_first_page(
    accountant: Client, three_orders: None, address: str
) -> None:
    assert accountant.get(address).context["page"].rows


@pytest.mark.parametrize("address", [INVOICES, JOURNAL, ACCOUNTS, f"{INVOICES}INV-1/"])
@pytest.mark.parametrize("who", ["rita", "femi", "hanna", "ada", "nils"])
def test_the_books_require_a_permission(client, request, who: str, address: str) -> None:
    client.force_login(request.getfixturevalue(who), backend=BACKEND)
    assert client.get(address).status_code == 403


def test_a_manager_sees_the_books(client, maya, three_orders: None) -> None:
    client.force_login(maya, backend=BACKEND)
    assert client.get(INVOICES).status_code == 200


@pytest.mark.parametrize("address", [INVOICES, JOURNAL, ACCOUNTS])
def test_more_rows_need_no_more_queries(accountant: Client, address: str) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert accountant.get(address).status_code == 200
        return len(queries)

    for n in range(3):
        deliver(order_placed(f"SO-{n:06d}"))
    accountant.get(address)
    few = count_queries()
    for n in range(3, 30):
        deliver(order_placed(f"SO-{n:06d}"))
    assert count_queries() == few
