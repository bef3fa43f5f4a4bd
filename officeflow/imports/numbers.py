"""The numbers of a file: each column is read by one decimal sign.

The sign is shown by the column's own numbers, such as `1.234,50`, or chosen by the person who
uploads the file. A number that can be read in two ways is refused when neither tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.formats.reading import (
    SIGNS,
    NotANumber,
    TwoNumbers,
    column_sign,
    read_in_column,
)
from officeflow.imports import cells

# What most cells are: digits, with a decimal point when the column's sign is one.
PLAIN = {False: re.compile(r"-?[0-9]{1,12}"), True: re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")}


class SheetNumber(str):
    """A cell that its spreadsheet stored as a number, written with a decimal point."""


def find_sign(texts: Iterable[str]) -> str:
    """Returns the decimal sign of a column by its cells; empty when they do not show it."""
    typed = [text for text in texts if not isinstance(text, SheetNumber)]
    return column_sign([cells.bare_number(cells.text(text)) for text in typed])


def has_signs(texts: Iterable[str]) -> bool:
    """Returns whether a decimal sign matters to any cell of a column."""
    return any(
        sign in text for text in texts if not isinstance(text, SheetNumber) for sign in SIGNS
    )


def with_point(text: str, column: str, sign: str) -> str:
    """Returns a cell of a number column with a decimal point; another text stays as it is.

    Raises `Refused` for a number with two readings when the sign is not known.
    """
    if isinstance(text, SheetNumber) or PLAIN[sign == "."].fullmatch(text):
        return text
    try:
        return format(read_in_column(cells.bare_number(cells.text(text)), sign), "f")
    except NotANumber:
        return text
    except TwoNumbers:
        raise Refused(cells.two_numbers(text, column)) from None


def sentences(signs: dict[str, str]) -> list[str]:
    """Returns how the columns of a file are read, for its preview."""
    by_sign: dict[str, list[str]] = {}
    for column, sign in signs.items():
        by_sign.setdefault(sign, []).append(column)
    found = []
    for sign, columns in by_sign.items():
        words = {"columns": ", ".join(columns), "sign": sign}
        if sign == ",":
            text = _("%(columns)s: the comma is the decimal sign, so 1.234,50 is 1234.50.")
        else:
            text = _("%(columns)s: the point is the decimal sign, so 1,234.50 is 1234.50.")
        found.append(text % words)
    return found
