"""Reads the rows of an order log.

The columns are those of the data set "Online Retail" (D. Chen, UCI Machine Learning Repository,
2015): one row for each order line, with the order's number, customer, time and country.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.catalogue.actions.products import SKU
from officeflow.errors import Refused
from officeflow.imports import cells
from officeflow.imports.registry import FileRow, FileUnit, ImportColumn

KIND = "orders"  # of `officeflow.imports.registry`

COLUMNS = (
    ImportColumn(
        name="InvoiceNo",
        meaning=gettext_lazy("The order’s number. A leading C marks returned goods."),
        required=True,
        aliases=("Invoice", "Order", "OrderNo", "OrderNumber"),
        example="539761",
    ),
    ImportColumn(
        name="StockCode",
        meaning=gettext_lazy("The product’s code. Codes such as POST, DOT or M are services."),
        required=True,
        aliases=("SKU", "ProductCode", "Code"),
        example="20705",
    ),
    ImportColumn(
        name="Description",
        meaning=gettext_lazy("The product’s name, for new products."),
        aliases=("Name", "Product"),
        example="MRS ROBOT SOFT TOY",
    ),
    ImportColumn(
        name="Quantity",
        meaning=gettext_lazy("How many. Below 0 for returned goods."),
        required=True,
        aliases=("Qty",),
        example="8",
        is_number=True,
    ),
    ImportColumn(
        name="InvoiceDate",
        meaning=gettext_lazy("When it was ordered, in the office’s time zone."),
        required=True,
        aliases=("OrderDate", "OrderedAt", "Date"),
        example="2010-12-22 10:29:00",
    ),
    ImportColumn(
        name="UnitPrice",
        meaning=gettext_lazy("The price of one, in the office’s currency."),
        required=True,
        aliases=("Price",),
        example="1.95",
        is_number=True,
    ),
    ImportColumn(
        name="CustomerID",
        meaning=gettext_lazy("The customer’s number in the other program. Empty for a walk-in."),
        aliases=("Customer", "CustomerNo", "CustomerNumber"),
        example="17593",
    ),
    ImportColumn(
        name="Country",
        meaning=gettext_lazy("The customer’s country."),
        example="United Kingdom",
    ),
)

# Codes of goods have at least four digits after at most four letters: 20705, 85123A, 15056BL,
# DCGS0076. Other codes are services or charges: POST, DOT, C2, M, D, S, BANK CHARGES, AMAZONFEE,
# gift_0001_20.
GOODS_CODE = re.compile(r"[A-Z]{0,4}\d{4,}[A-Z]*")
NUMBER_LIMIT = Decimal(10) ** 12
MOST_PLACES = 8
CANCELLED = "C"
MOST_AHEAD = timedelta(days=1)  # another program's clock may be ahead
EARLIEST_YEAR = 1970


class BadRow(Exception):
    """A row is not valid; the message says why."""


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """The checked values of a row. `quantity` is below 0 for returned goods; `at` is aware."""

    number: int
    sku: str
    description: str
    quantity: Decimal
    price: Decimal
    at: datetime
    customer: str
    country: str


def clean_reference(text: str) -> str:
    """Returns an order's number in upper case; a spreadsheet's `539761.0` becomes 539761."""
    return _without_decimals(text).upper()


def is_cancellation(reference: str) -> bool:
    """Returns whether the number is that of a return."""
    return reference.startswith(CANCELLED) and reference[1:2].isdigit()


def clean_sku(text: str) -> str:
    """Returns a code as in the catalogue: `85049a` becomes 85049A, BANK CHARGES BANK-CHARGES."""
    return re.sub(r"\s+", "-", _without_decimals(text).upper())


def is_goods(sku: str) -> bool:
    """Returns whether a code is that of goods, not of a service or charge."""
    return GOODS_CODE.fullmatch(sku) is not None


def read_entry(row: FileRow, zone: ZoneInfo) -> LogEntry:
    """Returns the checked values of a row. Raises `BadRow`."""
    sku = clean_sku(row["StockCode"])
    if not sku:
        raise BadRow(_("StockCode is empty."))
    if not SKU.fullmatch(sku):
        raise BadRow(_("StockCode is not a product code: %(text)s") % {"text": sku[:40]})
    return LogEntry(
        number=row.number,
        sku=sku,
        description=" ".join(row["Description"].split())[:200],
        quantity=_number(row, "Quantity"),
        price=_number(row, "UnitPrice"),
        at=_moment(row, zone),
        customer=_without_decimals(row["CustomerID"])[:60],
        country=" ".join(row["Country"].split())[:60],
    )


def _number(row: FileRow, column: str) -> Decimal:
    try:
        found = cells.number(row[column], column)
    except Refused as refused:
        raise BadRow(str(refused.message)) from None
    if found is None:
        raise BadRow(_("%(column)s is empty.") % {"column": column})
    if abs(found) >= NUMBER_LIMIT or int(found.as_tuple().exponent) < -MOST_PLACES:
        raise BadRow(_("The number in %(column)s is too long.") % {"column": column})
    return found


def _moment(row: FileRow, zone: ZoneInfo) -> datetime:
    text = row["InvoiceDate"]
    if not text:
        raise BadRow(_("%(column)s is empty.") % {"column": "InvoiceDate"})
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadRow(
            _("InvoiceDate must be a date and time such as 2010-12-22 10:29:00, not %(text)s")
            % {"text": text[:40]}
        ) from None
    at = read if read.tzinfo is not None else read.replace(tzinfo=zone)
    if at.year < EARLIEST_YEAR or at > timezone.now() + MOST_AHEAD:
        raise BadRow(_("InvoiceDate must be in the past, not %(text)s") % {"text": text[:40]})
    return at


def _without_decimals(text: str) -> str:
    """Returns a number without the `.0` that a spreadsheet has added."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def group(rows: Sequence[FileRow]) -> list[FileUnit]:
    """Returns a unit for each order in the order of the file, then one for each return.

    Returns come last because they may refer to these orders. A row without a number is a unit.
    """
    orders: dict[str, list[FileRow]] = {}
    for row in rows:
        reference = clean_reference(row["InvoiceNo"])
        orders.setdefault(reference or f" {row.number}", []).append(row)
    names = sorted(orders, key=is_cancellation)  # keeps the order of appearance otherwise
    return [
        FileUnit(reference="" if name.startswith(" ") else name, rows=tuple(orders[name]))
        for name in names
    ]


def products_in_file(entries: Iterable[LogEntry]) -> dict[str, dict[str, str]]:
    """Returns name and price of each product in the file, by code.

    The name and the price are the most frequent ones; of equally frequent ones the longest name
    and the highest price. Rows without a price or quantity are left out: their description is a
    note on a stock correction, such as `damaged`.
    """
    names: dict[str, Counter[str]] = {}
    prices: dict[str, Counter[Decimal]] = {}
    for entry in entries:
        if entry.price <= 0 or entry.quantity == 0:
            continue
        prices.setdefault(entry.sku, Counter())[entry.price] += 1
        if entry.description:
            names.setdefault(entry.sku, Counter())[entry.description] += 1
    return {
        sku: {
            "name": _most_frequent(names.get(sku, Counter({sku: 1})), len),
            "price": str(_most_frequent(found, lambda price: price)),
        }
        for sku, found in prices.items()
    }


def _most_frequent(counted: Counter[Any], worth: Any) -> Any:
    return max(counted, key=lambda each: (counted[each], worth(each), each))
