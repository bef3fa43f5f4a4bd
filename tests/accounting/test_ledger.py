"""Accounts, journal entries, the trial balance and the tax of a period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.accounting import queries
from backoffice.accounting.models import Account, JournalEntry
from backoffice.accounting.reference import AccountCode
from tests.accounting.conftest import deliver
from tests.orders import line, order_cancelled, order_placed, payment_taken

pytestmark = pytest.mark.django_db
BOOKS = "/office/accounting/"
FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def accountant_browser(client: Client, amir) -> Client:
    client.force_login(amir, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def two_days() -> None:
    """An order of 12.00 on the first day; its payment and a cancelled order on the second."""
    with time_machine.travel("2026-03-02 10:00+00:00", tick=False):
        deliver(order_placed("SO-000001"))
    with time_machine.travel("2026-03-03 10:00+00:00", tick=False):
        deliver(payment_taken("12.00", order="SO-000001"))
        deliver(order_placed("SO-000002", lines=[line("20.00", rate="0.05")]))
        deliver(order_cancelled("SO-000002"))


def balances(at: date | None = None) -> dict[str, D]:
    return {row.account.code: row.debit - row.credit for row in queries.trial_balance(at)}


def test_the_balance_of_a_day_leaves_out_later_entries(two_days: None) -> None:
    assert balances(FIRST)[AccountCode.RECEIVABLE] == D("12.00")
    assert balances()[AccountCode.RECEIVABLE] == 0
    assert sum(balances(FIRST).values()) == sum(balances().values()) == 0


def test_an_account_has_a_running_balance(two_days: None) -> None:
    receivable = Account.objects.get(code=AccountCode.RECEIVABLE)
    page = queries.ledger_page(receivable, "GBP", queries.ledger(receivable, "GBP"))
    assert [row.balance for row in page.lines] == [D("12"), D("0"), D("20"), D("0")]
    second = queries.ledger_page(receivable, "GBP", queries.ledger(receivable, "GBP", SECOND))
    assert second.opening == D("12")
    assert second.closing == 0


def test_a_liability_grows_by_credits(two_days: None) -> None:
    tax = Account.objects.get(code=AccountCode.OUTPUT_TAX)
    page = queries.ledger_page(tax, "GBP", queries.ledger(tax, "GBP", until=FIRST))
    assert page.closing == D("2.00")


def test_the_running_balance_continues_on_the_next_page(accountant_browser: Client) -> None:
    for n in range(52):
        deliver(order_placed(f"SO-{n:06d}"))
    first = accountant_browser.get(f"{BOOKS}accounts/1100/")
    assert first.context["ledger"].closing == D("600")
    following = accountant_browser.get(first.context["page"].next_url)
    assert following.context["ledger"].opening == D("600")
    assert following.context["ledger"].closing == D("624")
    assert (
        f"{BOOKS}journal/{JournalEntry.objects.latest('pk').number}/" in following.content.decode()
    )


def test_an_accounts_page_needs_no_more_queries_for_more_rows(accountant_browser: Client) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert accountant_browser.get(f"{BOOKS}accounts/1100/").status_code == 200
        return len(found)

    deliver(order_placed("SO-000001"))
    count_queries()
    few = count_queries()
    for n in range(2, 8):
        deliver(order_placed(f"SO-{n:06d}"))
    assert count_queries() == few


def test_an_entry_shows_its_postings_and_its_reversal(
    accountant_browser: Client, two_days: None
) -> None:
    reversal = JournalEntry.objects.get(kind="credit_note")
    text = accountant_browser.get(f"{BOOKS}journal/{reversal.reverses.number}/").content.decode()
    assert "Accounts receivable" in text
    assert reversal.number in text
    assert accountant_browser.get(f"{BOOKS}journal/JE-999999/").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("?kind=payment", 1),
        ("?from=2026-03-03", 3),
        ("?to=2026-03-02", 1),
        ("?from=2026-03-03&kind=invoice&document=SO-000002", 1),
        ("?from=nonsense&kind=nonsense", 4),
    ],
)
def test_the_journal_can_be_filtered(
    accountant_browser: Client, two_days: None, query: str, count: int
) -> None:
    answer = accountant_browser.get(f"{BOOKS}journal/{query}")
    assert len(answer.context["page"].rows) == count
    assert all(total.balanced for total in answer.context["totals"])


def test_the_tax_of_a_period_is_the_sum_of_its_documents(
    accountant_browser: Client, two_days: None
) -> None:
    (twenty,) = queries.tax_of_period(FIRST, FIRST)
    assert (twenty.rate, twenty.due_net, twenty.due_tax) == (D("0.2"), D("10"), D("2"))
    both = {row.rate: row for row in queries.tax_of_period(FIRST, SECOND)}
    assert both[D("0.05")].tax == D("0.95")
    assert both[D("0.05")].due_tax == 0
    text = accountant_browser.get(f"{BOOKS}tax/?from=2026-03-01&to=2026-03-31").content.decode()
    assert "£2.00" in text
    assert accountant_browser.get(f"{BOOKS}tax/?from=2026-03-31&to=2026-03-01").status_code == 200


def test_the_tax_agrees_with_its_account(two_days: None) -> None:
    rows = queries.tax_of_period(FIRST, SECOND + timedelta(days=400))
    assert sum(row.due_tax for row in rows) == -balances()[AccountCode.OUTPUT_TAX]
