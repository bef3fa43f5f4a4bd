"""Reads the rows of an order log: one row for each order line, with the order's number and date.

The codes of services are those of the data set "Online Retail" (D. Chen, UCI Machine Learning
Repository, 2015).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontdesk.order_log import status
from frontdesk.order_log.row_costs import BadRow, LeftOut, required_number, row_cost
from officeflow import limits
from officeflow.catalogue.actions.products import SKU
from officeflow.catalogue.actions.products import clean_sku as clean_product_code
from officeflow.catalogue.models import Unit
from officeflow.catalogue.units import known_units
from officeflow.company.models import Office
from officeflow.imports import cells
from officeflow.imports.registry import FileRow
from officeflow.text import name_key

T = TypeVar("T")
KIND = "orders"  # of `officeflow.imports.registry`
SHIPPING = "SHIPPING"  # the code of shipping that has no other

# Charges that online shops sell beside goods.
SERVICES = frozenset(
    {
        *(
            "POST",
            "DOT",
            "C2",
            "M",
            "D",
            "S",
            "B",
            "BANK CHARGES",
            "BANK-CHARGES",
            "AMAZONFEE",
            "CRUK",
        ),
        *("ADJUST", "ADJUST2", SHIPPING, "FREIGHT", "DELIVERY", "POSTAGE", "HANDLING"),
    }
)
VOUCHERS = "GIFT_"
MOST_SKU = 40
MOST_NAME = 200
MOST_KEY = 100
MOST_NOTE = 2000  # characters of a row
CANCELLED = "C"
MOST_AHEAD = timedelta(days=1)  # another program's clock may be ahead


@dataclass(frozen=True, kw_only=True)
class LogCustomer:
    """The customer of a row. `key` names them in the source; empty for a walk-in."""

    key: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """The checked values of a row. `quantity` is below 0 for returned goods; `at` is aware.

    `price` is that of one before the discount, and `amount` what the row costs in all, both with or
    without tax as the file has them. `difference` says when the file contradicts itself. `mark` and
    `payment` are what the row's status says of its order (see `status`).
    """

    number: int
    sku: str
    description: str
    quantity: Decimal
    price: Decimal
    discount_percent: Decimal
    amount: Decimal
    difference: str = ""
    at: datetime
    customer: LogCustomer
    mark: str = ""
    payment: str = ""
    delivery_address: str = ""
    note: str = ""
    unit: str = ""


def clean_reference(text: str) -> str:
    """Returns an order's number in upper case; a spreadsheet's `539761.0` becomes 539761."""
    return without_decimals(text).upper()


def is_cancellation(reference: str) -> bool:
    """Returns whether the number is that of a return."""
    return reference.startswith(CANCELLED) and reference[1:2].isdigit()


def clean_sku(text: str) -> str:
    """Returns a code as in the catalogue: `85049a` becomes 85049A."""
    return clean_product_code(without_decimals(text))


def sku_of_name(name: str) -> str:
    """Returns a code for a product without one: `Tea towel, red` becomes TEA-TOWEL-RED.

    The end of a long name, or of one without Latin letters, is told apart by a digest.
    """
    plain = re.sub(r"[^A-Z0-9]+", "-", name_key(name).upper()).strip("-")
    if plain and len(plain) <= MOST_SKU and name_key(name).isascii():
        return plain
    digest = hashlib.sha256(name_key(name).encode()).hexdigest()[:8].upper()
    return f"{plain[: MOST_SKU - 9]}-{digest}".lstrip("-")


def is_goods(sku: str) -> bool:
    """Returns whether a code is that of goods, not of a service or charge."""
    return sku not in SERVICES and not sku.startswith(VOUCHERS)


def why_left_out(row: FileRow) -> str:
    """Returns why a row is left out of its order on purpose, before it is read; else nothing."""
    if reason := status.why_not_imported(row):
        return reason
    if not any(row[name] for name in ("Product code", "Product name", "Unit price", "Line total")):
        return _("The row has no product and no total.")
    return ""


def read_entry(row: FileRow, office: Office) -> LogEntry:
    """Returns the checked values of a row.

    Raises `LeftOut` for a row that is left out on purpose, else `BadRow` with all faults.
    """
    if reason := why_left_out(row):
        raise LeftOut(reason)
    if row.fault:
        raise BadRow(row.fault)
    faults: list[str] = []

    def checked(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except BadRow as bad:
            faults.append(str(bad))
            return otherwise

    name = " ".join(cells.text(row["Product name"]).split())[:MOST_NAME]
    sku = checked(lambda: _sku(row, name), "")
    checked(lambda: _check_currency(row, office), None)
    quantity = checked(lambda: required_number(row, "Quantity"), None)
    cost = checked(
        lambda: row_cost(row, Decimal(1) if quantity is None else quantity, office.currency), None
    )
    at = checked(lambda: _moment(row, office.zone), None)
    address = checked(lambda: _delivery_address(row), "")
    note = checked(lambda: _note(row), "")
    if faults or quantity is None or cost is None or at is None:
        raise BadRow(" ".join(faults))
    return LogEntry(
        number=row.number,
        sku=sku,
        description=name,
        quantity=quantity,
        price=cost.price,
        discount_percent=cost.discount_percent,
        amount=cost.amount,
        difference=cost.difference,
        at=at,
        customer=_customer(row),
        mark=status.mark_of(row),
        payment=status.payment_of(row),
        delivery_address=address,
        note=note,
        unit=known_units(get_language() or "").get(name_key(row["Unit"]), ""),
    )


def _sku(row: FileRow, name: str) -> str:
    sku = clean_sku(_text(row, "Product code")) or (sku_of_name(name) if name else "")
    if not sku:
        raise BadRow(_("%(column)s is empty.") % {"column": "Product code"})
    if not SKU.fullmatch(sku):
        raise BadRow(
            _("%(column)s is not a product code: %(text)s")
            % {"column": "Product code", "text": sku[:40]}
        )
    return sku


def _check_currency(row: FileRow, office: Office) -> None:
    currency = row["Currency"].strip().upper()
    if currency and currency != office.currency:
        raise BadRow(
            _("The order is in %(currency)s. Orders of this office are in %(own)s.")
            % {"currency": currency[:10], "own": office.currency}
        )


def _delivery_address(row: FileRow) -> str:
    """Returns the address with the recipient before it. A name alone is no address."""
    address = _text(row, "Delivery address")
    found = ", ".join(filter(None, [" ".join(_text(row, "Delivery name").split()), address]))
    if len(found) > limits.ADDRESS:
        raise BadRow(_("%(column)s is too long.") % {"column": "Delivery address"})
    return found if address else ""


def _note(row: FileRow) -> str:
    found = _text(row, "Note")
    if len(found) > MOST_NOTE:
        raise BadRow(_("%(column)s is too long.") % {"column": "Note"})
    return found


def _text(row: FileRow, column: str) -> str:
    return cells.text(row[column])


def _customer(row: FileRow) -> LogCustomer:
    """Returns the customer, named by the number, the e-mail or the name, whichever there is."""
    number = without_decimals(_text(row, "Customer number"))
    name = " ".join(_text(row, "Customer name").split())[:MOST_NAME]
    email = _text(row, "E-mail")[:MOST_NAME].lower()
    return LogCustomer(
        key=(number or email or name_key(name))[:MOST_KEY],
        name=name,
        email=email,
        phone=_text(row, "Phone")[:40],
        address=_text(row, "Address")[: limits.ADDRESS],
        country=" ".join(row["Country"].split())[:60],
    )


def _moment(row: FileRow, zone: ZoneInfo) -> datetime:
    text = row["Ordered at"]
    if not text:
        raise BadRow(_("%(column)s is empty.") % {"column": "Ordered at"})
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadRow(
            _("%(column)s must be a date such as 2010-12-22 or 22.12.2010 10:29, not %(text)s")
            % {"column": "Ordered at", "text": text[:40]}
        ) from None
    at = read if read.tzinfo is not None else read.replace(tzinfo=zone)
    if not limits.is_moment(at, zone) or at > timezone.now() + MOST_AHEAD:
        raise BadRow(
            _("%(column)s must be in the past, not %(text)s")
            % {"column": "Ordered at", "text": text[:40]}
        )
    return at


def without_decimals(text: str) -> str:
    """Returns a number without the `.0` that a spreadsheet has added."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def products_in_file(entries: Iterable[LogEntry]) -> dict[str, dict[str, str]]:
    """Returns name, price and unit of each product in the file, by code.

    The name and the price are the most frequent ones; of equally frequent ones the longest name
    and the highest price. Rows without a price or quantity are left out: their description is a
    note on a stock correction, such as `damaged`. The unit is the one that the file names most
    often; of a product without one that is sold in parts it is a unit that can be divided.
    """
    divided: set[str] = set()
    units: dict[str, Counter[str]] = {}
    names: dict[str, Counter[str]] = {}
    prices: dict[str, Counter[Decimal]] = {}
    for entry in entries:
        if entry.price <= 0 or entry.quantity == 0:
            continue
        prices.setdefault(entry.sku, Counter())[entry.price] += 1
        if entry.quantity != entry.quantity.to_integral_value():
            divided.add(entry.sku)
        if entry.unit:
            units.setdefault(entry.sku, Counter())[entry.unit] += 1
        if entry.description:
            names.setdefault(entry.sku, Counter())[entry.description] += 1
    return {
        sku: {
            "name": _most_frequent(names.get(sku, Counter({sku: 1})), len),
            "price": str(_most_frequent(found, lambda price: price)),
            "unit": _unit(sku, units.get(sku, Counter()), is_divided=sku in divided),
        }
        for sku, found in prices.items()
    }


def _unit(sku: str, named: Counter[str], *, is_divided: bool) -> str:
    if named:
        unit = _most_frequent(named, len)
        if not (is_divided and unit == Unit.PIECE):
            return str(unit)
    if not is_divided:
        return Unit.PIECE.value
    return Unit.KILOGRAM.value if is_goods(sku) else Unit.HOUR.value


def _most_frequent(counted: Counter[Any], worth: Any) -> Any:
    return max(counted, key=lambda each: (counted[each], worth(each), each))
