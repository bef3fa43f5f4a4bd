"""The pages of the journal, the accounts and the tax of a period."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.accounting import exports, queries
from backoffice.accounting.states import JournalEntryKind
from backoffice.accounting.views.query_parameters import address, text_in
from officeflow.company.queries import get_office, office_date
from officeflow.numbering import normalise
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui import export
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import choice_parameter, day_parameter, period_parameters


@requires(Permission.VIEW_BOOKS)
def journal(request: StaffRequest) -> HttpResponseBase:
    """Lists journal entries with their postings, newest first, and the sums of all that match."""
    since, until = period_parameters(request)
    wanted = queries.JournalFilter(
        text=text_in(request, "document"),
        kind=choice_parameter(request, "kind", JournalEntryKind.values),
        since=since,
        until=until,
    )
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="journal",
            columns=exports.JOURNAL,
            rows=exports.journal_rows(wanted),
            plain=("kind", "from", "to"),
        )
    context = {
        "page": page_of(request, queries.journal(wanted), order=["-id"]),
        "totals": queries.journal_totals(wanted),
        "wanted": wanted,
        "is_filtered": wanted != queries.JournalFilter(),
        "kinds": JournalEntryKind.choices,
    }
    return render(request, "backoffice/accounting/journal.html", context)


@requires(Permission.VIEW_BOOKS)
def entry(request: StaffRequest, number: str) -> HttpResponse:
    """Shows a journal entry with its postings."""
    found = get_object_or_404(
        queries.journal().select_related("reversed_by"), number=normalise(number)
    )
    context = {"entry": found, "may_open_order": request.user.may(Permission.VIEW_DESK)}
    return render(request, "backoffice/accounting/entry.html", context)


@requires(Permission.VIEW_BOOKS)
def accounts(request: StaffRequest) -> HttpResponseBase:
    """Shows the trial balance, now or at the end of the day `at`."""
    at = day_parameter(request, "at")
    if kind := export.wanted(request):
        return export.respond(
            request,
            kind,
            name="trial-balance",
            columns=exports.BALANCE,
            rows=queries.trial_balance(at),
            plain=("at",),
        )
    lines = queries.trial_balance(at)
    context = {
        "lines": lines,
        "totals": queries.balance_totals(lines),
        "at": at,
        "today": office_date(),
    }
    return render(request, "backoffice/accounting/accounts.html", context)


@requires(Permission.VIEW_BOOKS)
def account(request: StaffRequest, code: str) -> HttpResponseBase:
    """Shows an account's entries by day, with the balance after each entry."""
    found = get_object_or_404(queries.accounts(), code=code)
    since, until = period_parameters(request)
    currencies = queries.account_currencies(found)
    own = get_office().currency
    currency = choice_parameter(request, "currency", currencies)
    if not currency:
        currency = own if own in currencies or not currencies else currencies[0]
    rows = queries.ledger(found, currency, since, until)
    if kind := export.wanted(request):
        entries = export.in_chunks(rows, queries.LEDGER_ORDER)
        return export.respond(
            request,
            kind,
            name=f"account-{found.code}",
            columns=exports.LEDGER,
            rows=queries.ledger_lines(found, currency, entries),
            plain=("currency", "from", "to"),
        )
    page = page_of(request, rows, order=queries.LEDGER_ORDER)
    tabs = [
        {
            "label": each,
            "url": address(
                "accounting:account",
                code,
                currency=each,
                **{
                    "from": since.isoformat() if since else "",
                    "to": until.isoformat() if until else "",
                },
            ),
            "current": each == currency,
        }
        for each in currencies
    ]
    context = {
        "account": found,
        "page": page,
        "ledger": queries.ledger_page(found, currency, page.rows),
        "currency": currency,
        "tabs": tabs if len(tabs) > 1 else [],
        "since": since,
        "until": until,
    }
    return render(request, "backoffice/accounting/account.html", context)


@requires(Permission.VIEW_BOOKS)
def tax(request: StaffRequest) -> HttpResponseBase:
    """Shows the tax by rate of a period, by default of this month."""
    today = office_date()
    first, last = period_parameters(request)
    since = first or today.replace(day=1)
    until = last or max(today, since)
    rows = queries.tax_of_period(since, until)
    if kind := export.wanted(request):
        return export.respond(
            request, kind, name="tax", columns=exports.TAX, rows=rows, plain=("from", "to")
        )
    context = {
        "rows": rows,
        "totals": queries.tax_totals(rows),
        "since": since,
        "until": until,
        "tabs": _periods(today, since, until),
    }
    return render(request, "backoffice/accounting/tax.html", context)


def _periods(today: date, since: date, until: date) -> list[dict[str, object]]:
    """Returns tabs for this and the last month and quarter."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    quarter_end = quarter - timedelta(days=1)
    quarter_before = quarter_end.replace(month=quarter_end.month - 2, day=1)
    periods = [
        (_("This month"), month, today),
        (_("Last month"), before, month - timedelta(days=1)),
        (_("This quarter"), quarter, today),
        (_("Last quarter"), quarter_before, quarter_end),
    ]
    path = reverse("accounting:tax")
    return [
        {
            "label": label,
            "url": f"{path}?from={start.isoformat()}&to={end.isoformat()}",
            "current": (start, end) == (since, until),
        }
        for label, start, end in periods
    ]
