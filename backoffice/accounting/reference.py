"""The chart of accounts of a new office."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from backoffice.accounting.models import Account, AccountKind


class AccountCode(StrEnum):
    """The codes of the accounts that actions book on."""

    CASH = "1000"
    CARD_CLEARING = "1010"
    BANK = "1020"
    RECEIVABLE = "1100"
    REFUNDS_PAYABLE = "2000"
    OUTPUT_TAX = "2100"
    SALES_GOODS = "4000"
    SALES_SERVICES = "4100"
    CASH_DIFFERENCES = "6900"


CHART: dict[AccountCode, tuple[str, AccountKind]] = {
    AccountCode.CASH: (gettext_noop("Cash"), AccountKind.ASSET),
    AccountCode.CARD_CLEARING: (gettext_noop("Card clearing"), AccountKind.ASSET),
    AccountCode.BANK: (gettext_noop("Bank"), AccountKind.ASSET),
    AccountCode.RECEIVABLE: (gettext_noop("Accounts receivable"), AccountKind.ASSET),
    AccountCode.REFUNDS_PAYABLE: (gettext_noop("Customer refunds payable"), AccountKind.LIABILITY),
    AccountCode.OUTPUT_TAX: (gettext_noop("Output tax"), AccountKind.LIABILITY),
    AccountCode.SALES_GOODS: (gettext_noop("Sales of goods"), AccountKind.INCOME),
    AccountCode.SALES_SERVICES: (gettext_noop("Sales of services"), AccountKind.INCOME),
    AccountCode.CASH_DIFFERENCES: (gettext_noop("Cash differences"), AccountKind.EXPENSE),
}

# The account of payments and refunds, by the kind of money.
MONEY_ACCOUNTS: dict[str, AccountCode] = {
    "cash": AccountCode.CASH,
    "card": AccountCode.CARD_CLEARING,
    "transfer": AccountCode.BANK,
}


def ensure() -> None:
    """Creates the missing accounts; existing rows are not changed."""
    Account.objects.bulk_create(
        [Account(code=code.value, name=name, kind=kind) for code, (name, kind) in CHART.items()],
        ignore_conflicts=True,
    )


def ensure_after_migrate(**_kwargs: Any) -> None:
    """Calls `ensure` after `migrate` and flush, if the table exists."""
    if Account._meta.db_table in connection.introspection.table_names():
        ensure()
