"""An order log as it is written: rows made into entries, and what its codes mean.

The shape is that of the data set "Online Retail" (D. Chen, UCI Machine Learning Repository, 2015):
one row an order line, with the order's number, customer, moment and country on each.
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

KIND = "orders"  # among all kinds of files

COLUMNS = (
    ImportColumn(
        name="InvoiceNo",
        meaning=gettext_lazy("The order's number. A leading C marks returned goods."),
        required=True,
        aliases=("Invoice", "Order", "OrderNo", "OrderNumber"),
        example="539761",
    ),
    ImportColumn(
        name="StockCode",
        meaning=gettext_lazy("The product's code. Codes such as POST, DOT or M are services."),
        required=True,
        aliases=("SKU", "ProductCode", "Code"),
        example="20705",
    ),
    ImportColumn(
        name="Description",
        meaning=gettext_lazy("The product's name, for new products."),
        aliases=("Name", "Product"),
        example="MRS ROBOT SOFT TOY",
    ),
    ImportColumn(
        name="Quantity",
        meaning=gettext_lazy("How many. Below 0 for returned goods."),
        required=True,
        aliases=("Qty",),
        example="8",
    ),
    ImportColumn(
        name="InvoiceDate",
        meaning=gettext_lazy("When it was ordered, in the office's time zone."),
        required=True,
        aliases=("OrderDate", "OrderedAt", "Date"),
        example="2010-12-22 10:29:00",
    ),
    ImportColumn(
        name="UnitPrice",
        meaning=gettext_lazy("The price of one, in the office's currency."),
        required=True,
        aliases=("Price",),
        example="1.95",
    ),
    ImportColumn(
        name="CustomerID",
        meaning=gettext_lazy("The customer's number in the other program. Empty for a walk-in."),
        aliases=("Customer", "CustomerNo", "CustomerNumber"),
        example="17593",
    ),
    ImportColumn(
        name="Country",
        meaning=gettext_lazy("The customer's country."),
        example="United Kingdom",
    ),
)

# A product's code holds a number of at least four digits, behind a few letters at most: 20705,
# 85123A, 15056BL, DCGS0076. Whatever else stands in an order is a service or a charge: POST, DOT,
# C2, M, D, S, BANK CHARGES, AMAZONFEE, gift_0001_20.
GOODS_CODE = re.compile(r"[A-Z]{0,4}\d{4,}[A-Z]*")
TOO_MUCH = Decimal(10) ** 12
MOST_PLACES = 8
CANCELLED = "C"
LATEST = timedelta(days=1)  # a clock elsewhere may be ahead; an order of next week is a mistake
EARLIEST_YEAR = 1970


class BadRow(Exception):
    """A row that cannot be an entry; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row, understood. `quantity` is below 0 where goods were brought back; `at` is aware."""

    number: int
    sku: str
    description: str
    quantity: Decimal
    price: Decimal
    at: datetime
    customer: str
    country: str

    @property
    def key(self) -> tuple[str, Decimal, Decimal]:
        """What makes two entries of one order the same line."""
        return (self.sku, self.quantity, self.price)


def reference_of(text: str) -> str:
    """An order's number as it is kept; a spreadsheet's `539761.0` is 539761."""
    return _whole(text).upper()


def is_cancellation(reference: str) -> bool:
    """Whether goods were brought back under this number."""
    return reference.startswith(CANCELLED) and reference[1:2].isdigit()


def sku_of(text: str) -> str:
    """A stock code as the catalogue writes codes: `85049a` is 85049A, BANK CHARGES BANK-CHARGES."""
    return re.sub(r"\s+", "-", _whole(text).upper())


def is_goods(sku: str) -> bool:
    """Whether a code is of something on a shelf."""
    return GOODS_CODE.fullmatch(sku) is not None


def entry_of(row: FileRow, zone: ZoneInfo) -> Entry:
    """The row as an entry. Raises `BadRow` in words."""
    sku = sku_of(row["StockCode"])
    if not sku:
        raise BadRow(_("StockCode is empty."))
    if not SKU.fullmatch(sku):
        raise BadRow(_("StockCode is not a product code: %(text)s") % {"text": sku[:40]})
    return Entry(
        number=row.number,
        sku=sku,
        description=" ".join(row["Description"].split())[:200],
        quantity=_number(row, "Quantity"),
        price=_number(row, "UnitPrice"),
        at=_moment(row, zone),
        customer=_whole(row["CustomerID"])[:60],
        country=" ".join(row["Country"].split())[:60],
    )


def _number(row: FileRow, column: str) -> Decimal:
    try:
        found = cells.number(row[column], column)
    except Refused as refused:
        raise BadRow(str(refused.message)) from None
    if found is None:
        raise BadRow(_("%(column)s is empty.") % {"column": column})
    if abs(found) >= TOO_MUCH or int(found.as_tuple().exponent) < -MOST_PLACES:
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
    if at.year < EARLIEST_YEAR or at > timezone.now() + LATEST:
        raise BadRow(_("InvoiceDate must be in the past, not %(text)s") % {"text": text[:40]})
    return at


def _whole(text: str) -> str:
    """A number that a spreadsheet took for a quantity, without its `.0`."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def group(rows: Sequence[FileRow]) -> list[FileUnit]:
    """The orders as they appear, and after all of them what was brought back: it may be of theirs.

    A row without a number stands alone.
    """
    orders: dict[str, list[FileRow]] = {}
    for row in rows:
        reference = reference_of(row["InvoiceNo"])
        orders.setdefault(reference or f" {row.number}", []).append(row)
    names = sorted(orders, key=is_cancellation)  # keeps the order of appearance otherwise
    return [
        FileUnit(reference="" if name.startswith(" ") else name, rows=tuple(orders[name]))
        for name in names
    ]


def products_of(entries: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """What the file says of each product: by code, its name and price.

    The name is the commonest spelling in rows that are sold, the longest of those as common; the
    price is the commonest, the highest of those as common. A note on a stock correction
    (`damaged`, `lost in space`) stands in rows that nobody sells, and names nothing.
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
            "name": _best(names.get(sku, Counter({sku: 1})), len),
            "price": str(_best(found, lambda price: price)),
        }
        for sku, found in prices.items()
    }


def _best(counted: Counter[Any], worth: Any) -> Any:
    return max(counted, key=lambda each: (counted[each], worth(each), each))
