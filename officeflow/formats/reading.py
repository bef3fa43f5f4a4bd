"""Reading numbers as people write them: `1,234.50`, `1.234,50`, `1 234,50` and `12,34,567`.

A comma or point between digits separates either the decimals or the thousands. Most numbers can be
read in one way only; `1,234` and `0,250` can be read in two.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache

from officeflow.formats import active_locale, decimal_sign, group_sign

SIGNS = ",."
SPACES = re.compile(r"[\s'’]")
MAX_LENGTH = 24


class NotANumber(ValueError):
    """The text is not a number."""


class TwoNumbers(ValueError):
    """The text can be read as two numbers, `readings`."""

    def __init__(self, readings: tuple[Decimal, Decimal]) -> None:
        super().__init__(readings)
        self.readings = readings


def readings(text: str) -> dict[str, Decimal]:
    """Returns the number that a text is, by each decimal sign with which it can be read.

    A text without signs has both. Raises `NotANumber`.
    """
    plain = _plain(text)
    found = {}
    for sign in SIGNS:
        group = SIGNS.replace(sign, "")
        if _pattern(sign).fullmatch(plain):
            found[sign] = Decimal(plain.replace(group, "").replace(sign, "."))
    if not found:
        raise NotANumber(text)
    return found


def has_two_readings(text: str) -> bool:
    """Returns whether a number can be read in two ways."""
    try:
        return len(set(readings(text).values())) > 1
    except NotANumber:
        return False


def read_number(text: str) -> Decimal:
    """Returns a number typed by a reader of the active language.

    Only `1,234` depends on the language: it has thousands where a comma groups them, and decimals
    where a comma is the decimal sign. Raises `NotANumber`; raises `TwoNumbers` for `0,250` where a
    comma groups, because nobody groups a zero, and for `1,234` where a comma does neither.
    """
    found = readings(text)
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    locale = active_locale()
    plain = _plain(text)
    typed = "," if "," in plain else "."
    expected = decimal_sign(locale)
    is_grouped = typed == group_sign(locale) and not plain.lstrip("+-").startswith("0")
    if typed == expected or is_grouped:
        return found[expected]
    least, most = sorted(found.values(), key=abs)
    raise TwoNumbers((least, most))


def write_plainly(number: Decimal) -> str:
    """Returns a number that `read_number` reads in one way only, without groups and zeros."""
    short = format(number.normalize(), "f")
    return short.replace(".", decimal_sign(active_locale()))


def column_sign(texts: list[str]) -> str:
    """Returns the decimal sign of a file's column: `,`, `.`, or empty when nothing shows it.

    It is shown by the numbers that can be read in one way only. Empty too when they contradict
    each other.
    """
    shown: set[str] = set()
    for text in texts:
        found = _readings_in_file(text)
        if len(found) == 1:
            shown |= found.keys()
    return shown.pop() if len(shown) == 1 else ""


def read_in_column(text: str, sign: str) -> Decimal:
    """Returns a number of a column with this decimal sign; empty when it is not known.

    Raises `NotANumber`, and `TwoNumbers` when the sign would be needed.
    """
    found = _readings_in_file(text)
    if not found:
        raise NotANumber(text)
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    if sign:
        return found[sign]
    least, most = sorted(found.values(), key=abs)
    raise TwoNumbers((least, most))


def _readings_in_file(text: str) -> dict[str, Decimal]:
    """Returns the readings; programs do not group a zero, so that `0,250` is a quarter."""
    try:
        found = readings(text)
    except NotANumber:
        return {}
    plain = _plain(text)
    if len(set(found.values())) > 1 and plain.lstrip("+-").startswith("0"):
        sign = "," if "," in plain else "."
        return {sign: found[sign]}
    return found


def _plain(text: str) -> str:
    if any(unicodedata.category(character) == "No" for character in text):
        return ""  # ² is no 2
    plain = SPACES.sub("", unicodedata.normalize("NFKC", text)).replace("\N{MINUS SIGN}", "-")
    return plain if len(plain) <= MAX_LENGTH else ""


@cache
def _pattern(sign: str) -> re.Pattern[str]:
    """Returns the pattern of numbers with a decimal sign; the other sign groups the thousands."""
    group, decimal = re.escape(SIGNS.replace(sign, "")), re.escape(sign)
    # India groups all but the last three digits in twos.
    whole = rf"(?:\d+|\d{{1,3}}(?:{group}\d\d\d?)*{group}\d{{3}})"
    return re.compile(rf"[+-]?(?:{whole}(?:{decimal}\d*)?|{decimal}\d+)")
