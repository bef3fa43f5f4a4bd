"""Converts the text of cells into values. The functions raise `Refused` for invalid cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from babel.core import Locale
from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.formats import active_locale
from officeflow.formats.reading import NotANumber, TwoNumbers, read_in_column, readings
from officeflow.money import CURRENCIES, currency_signs
from officeflow.text import name_key
from officeflow.ui.export import FORMULA_SIGNS

PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
SHORTENED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
YES = {"yes", "y", "true", "1", "x", "on", "active"}
EMAIL = r"\S*@\S*"  # also of an address with a fault, which its row is told
NO = {"no", "n", "false", "0", "off", "inactive"}


def text(cell: str) -> str:
    """Returns the text with plain line ends, without the apostrophe of an exported formula."""
    plain = cell.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_\n", "\n")
    if plain.startswith("'") and plain[1:].startswith(FORMULA_SIGNS):
        plain = plain[1:]
    return plain.strip()


def yes_or_no(cell: str, column: str) -> bool | None:
    """Returns True, False, or None for an empty cell; in English or the active language."""
    key = name_key(text(cell))
    if not key:
        return None
    if key in YES or key == name_key(_("yes")):
        return True
    if key in NO or key == name_key(_("no")):
        return False
    raise Refused(_("%(column)s must be yes or no, not “%(value)s”.") % _names(column, cell))


def number(cell: str, column: str) -> Decimal | None:
    """Returns a number, or None for an empty cell.

    The cells of a column of numbers have a decimal point (see `numbers`). Of others `£ 3`, `20 %`
    and `1.234,50` are read too, and `1,234` is refused, which could be either of two numbers.
    """
    if PLAIN.fullmatch(cell):  # as most cells are
        return Decimal(cell)
    typed = text(cell)
    if not typed:
        return None
    try:
        return read_in_column(bare_number(typed), "." if "," not in typed else "")
    except TwoNumbers:
        raise Refused(two_numbers(cell, column)) from None
    except NotANumber:
        raise Refused(_("%(column)s “%(value)s” is not a number.") % _names(column, cell)) from None


def two_numbers(cell: str, column: str) -> str:
    """Returns the sentence that refuses a number which can be read in two ways."""
    return _(
        "%(column)s “%(value)s” can mean two numbers. Choose the decimal sign with the columns of "
        "the file."
    ) % _names(column, cell)


def bare_number(typed: str) -> str:
    """Returns a number without the sign of a currency or of percent, in the active language."""
    return _signs(active_locale()).sub("", typed)


def possible_numbers(cell: str) -> list[Decimal]:
    """Returns the numbers that a cell can be read as; none for another text."""
    try:
        return list(dict.fromkeys(readings(bare_number(text(cell))).values()))
    except NotANumber:
        return []


def code(cell: str, column: str) -> str:
    """Returns a code, such as a barcode or an order's number.

    Raises `Refused` for a number that a spreadsheet has shortened, as `5.01234E+12`.
    """
    found = text(cell)
    if SHORTENED.fullmatch(found):
        raise Refused(
            _(
                "%(column)s “%(value)s” was shortened by a spreadsheet. Set the format of the "
                "column to text, enter the whole number and save the file again."
            )
            % _names(column, cell)
        )
    return found


@cache
def _signs(locale: Locale) -> re.Pattern[str]:
    """Returns a pattern of the signs before or after an amount or a rate."""
    codes = "|".join(CURRENCIES)
    # The longest first: "kr." before "kr".
    longest_first = sorted(currency_signs(locale), key=len, reverse=True)
    sign = rf"(?:{codes}|%|(?i:{'|'.join(map(re.escape, longest_first))}))"
    return re.compile(rf"^{sign}\s*|\s*{sign}$")


def one_of(cell: str, column: str, choices: Mapping[str, str]) -> str | None:
    """Returns the value of a choice, or None for an empty cell.

    `choices` maps accepted texts to values.
    """
    key = name_key(text(cell))
    if not key:
        return None
    known = {name_key(accepted): value for accepted, value in choices.items()}
    if key not in known:
        raise Refused(
            _("%(column)s must be one of %(choices)s, not “%(value)s”.")
            % {**_names(column, cell), "choices": ", ".join(dict.fromkeys(choices.values()))}
        )
    return known[key]


def _names(column: str, cell: str) -> dict[str, str]:
    return {"column": column, "value": cell[:40]}
