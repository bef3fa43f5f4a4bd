"""Converts the text of cells into values. The functions raise `Refused` for invalid cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache

from babel.core import Locale
from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.formats import active_locale
from officeflow.money import CURRENCIES, currency_signs
from officeflow.text import name_key
from officeflow.ui.export import FORMULA_SIGNS

YES = {"yes", "y", "true", "1", "x", "on", "active"}
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

    Accepts `1234.50`, `1,234.50`, `1.234,50`, `£ 3` and `20 %`; refuses `1,234`, which could be
    either of two numbers. Signs of currencies are those of the active language.
    """
    typed = text(cell)
    if not typed:
        return None
    plain = re.sub(r"[\s'’]", "", _signs(active_locale()).sub("", typed))
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        grouping = "," if plain[last] == "." else "."
        plain = plain.replace(grouping, "").replace(",", ".")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif plain.count(",") == 1:
        if re.search(r",\d{3}$", plain) and not plain.lstrip("-").startswith("0,"):
            raise Refused(
                _("%(column)s “%(value)s” could mean two numbers. Use a point for decimals.")
                % _names(column, cell)
            )
        plain = plain.replace(",", ".")
    try:
        if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", plain):
            raise InvalidOperation
        return Decimal(plain)
    except InvalidOperation:
        raise Refused(_("%(column)s “%(value)s” is not a number.") % _names(column, cell)) from None


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
