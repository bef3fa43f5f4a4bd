"""Converts the text of cells into values. Each function raises `Refused`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from officeflow.errors import Refused
from officeflow.text import name_key
from officeflow.ui.export import FORMULA_SIGNS

YES = {"yes", "y", "true", "1", "x", "on", "active"}
# Signs before or after an amount or a rate.
SIGN = r"(?:[A-Z]{3}|kr|Kč|KSh|TSh|[£€$₹¥₫%])"
SIGNS = re.compile(rf"^{SIGN}\s*|\s*{SIGN}$")
NO = {"no", "n", "false", "0", "off", "inactive"}


def text(cell: str) -> str:
    """A text without the apostrophe that an export puts before `=`, `+`, `-`, `@`,
    and with plain line ends.
    """
    plain = cell.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_\n", "\n")
    if plain.startswith("'") and plain[1:].startswith(FORMULA_SIGNS):
        plain = plain[1:]
    return plain.strip()


def yes_or_no(cell: str, column: str) -> bool | None:
    """Yes, no, or None for an empty cell; in English or the reader's language."""
    said = name_key(text(cell))
    if not said:
        return None
    if said in YES or said == name_key(_("yes")):
        return True
    if said in NO or said == name_key(_("no")):
        return False
    raise Refused(_("%(column)s must be yes or no, not “%(said)s”.") % _said(column, cell))


def number(cell: str, column: str) -> Decimal | None:
    """A number, or None for an empty cell: `1234.50`, `1,234.50`, `1.234,50`, `£ 3`, `20 %`.

    `1,234` could be either of two numbers and is refused.
    """
    written = text(cell)
    if not written:
        return None
    plain = re.sub(r"[\s'’]", "", SIGNS.sub("", written))
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        grouping = "," if plain[last] == "." else "."
        plain = plain.replace(grouping, "").replace(",", ".")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif plain.count(",") == 1:
        if re.search(r",\d{3}$", plain) and not plain.lstrip("-").startswith("0,"):
            raise Refused(
                _("%(column)s “%(said)s” could mean two numbers. Use a point for decimals.")
                % _said(column, cell)
            )
        plain = plain.replace(",", ".")
    try:
        if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", plain):
            raise InvalidOperation
        return Decimal(plain)
    except InvalidOperation:
        raise Refused(_("%(column)s “%(said)s” is not a number.") % _said(column, cell)) from None


def one_of(cell: str, column: str, choices: Mapping[str, str]) -> str | None:
    """The value of the choice that a cell names by value or label; None for an empty cell.

    `choices` maps what may be written to the value that it means.
    """
    said = name_key(text(cell))
    if not said:
        return None
    known = {name_key(written): value for written, value in choices.items()}
    if said not in known:
        raise Refused(
            _("%(column)s must be one of %(choices)s, not “%(said)s”.")
            % {**_said(column, cell), "choices": ", ".join(dict.fromkeys(choices.values()))}
        )
    return known[said]


def _said(column: str, cell: str) -> dict[str, str]:
    return {"column": column, "said": cell[:40]}
