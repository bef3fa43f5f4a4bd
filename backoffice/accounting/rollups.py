"""What is rolled up of the books: the postings of each account, what is owed and credited."""

from __future__ import annotations

from datetime import datetime

from backoffice.accounting.states import OPEN_STATES, DocumentKind
from officeflow.company.models import Office
from officeflow.rollups.definitions import Rollup, Sql, in_pieces


def _postings(_office: Office, _since: datetime) -> Sql:
    """Debits and credits by account, currency and day of booking."""
    # An entry's day is that of its time in the office's zone: the index by day finds it.
    days = """booked_date BETWEEN (since AT TIME ZONE 'UTC')::date - 1
        AND (until AT TIME ZONE 'UTC')::date + 1"""
    entries = f"(SELECT * FROM accounting_journalentry WHERE {days}) entry"  # noqa: S608
    postings = f"{entries} JOIN accounting_posting ON entry_id = entry.id"
    columns = "account_id, currency, booked_date, debit, credit"
    return (
        f"""
        SELECT slot, 'accounts' AS family,
               ARRAY[account_id::text, currency, booked_date::text] AS key,
               ARRAY[sum(debit), sum(credit)] AS sums, NULL::smallint[] AS bins
        FROM {in_pieces(postings, "booked_at", columns)}
        GROUP BY slot, account_id, currency, booked_date
        """,  # noqa: S608 (SQL of our own)
        [],
    )


def _invoices(_office: Office, _since: datetime) -> Sql:
    """By currency, the number and amount of open invoices, and those of credit notes."""
    owed = in_pieces(
        "accounting_invoice document JOIN accounting_receivable receivable"
        " ON receivable.id = receivable_id",
        "issued_at",
        "kind, state, receivable.currency, receivable.gross - paid + refunded AS balance",
    )
    credited = in_pieces("accounting_invoice", "issued_at", "kind, currency, net")
    return (
        f"""
        SELECT slot, 'owed' AS family, ARRAY[currency::text] AS key,
               ARRAY[count(*), sum(balance)] AS sums, NULL::smallint[] AS bins
        FROM {owed} WHERE kind = %s AND state = ANY(%s) GROUP BY slot, currency
        UNION ALL
        SELECT slot, 'credited', ARRAY[currency::text], ARRAY[count(*), sum(net)], NULL
        FROM {credited} WHERE kind = %s GROUP BY slot, currency
        """,  # noqa: S608 (SQL of our own)
        [
            DocumentKind.INVOICE.value,
            [state.value for state in OPEN_STATES],
            DocumentKind.CREDIT_NOTE.value,
        ],
    )


POSTINGS = Rollup(
    name="postings",
    table="accounting_journalentry",
    column="booked_at",
    width=2,
    select=_postings,
)
INVOICES = Rollup(
    name="invoices", table="accounting_invoice", column="issued_at", width=2, select=_invoices
)
