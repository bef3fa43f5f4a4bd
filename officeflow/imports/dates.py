"""The dates of a file: each column is read with one order of day and month.

The order is shown by the column's own dates, such as `22/12/2010`, or chosen by the person who
imports the file. A date that can be read in two ways is refused when neither tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, lru_cache

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import get_month_names
from django.utils.translation import gettext as _

from officeflow.company.queries import get_office
from officeflow.formats import active_locale, locale_of
from officeflow.text import fold

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
# Excel counts days from this one, so that 60 is 29 February 1900, which did not exist.
SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a file tells no zone
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
CENTURY = 70  # a year of two digits below is of this century
TIME = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?)?"
NUMBERS = re.compile(
    rf"(\d{{1,4}})([./-]) ?(\d{{1,2}})\2 ?(\d{{4}}|\d{{1,2}}){TIME}", re.IGNORECASE
)
NAMED = re.compile(rf"(\d{{1,2}})[. -]+([^\W\d]+)[., -]+(\d{{4}}|\d{{2}}){TIME}", re.IGNORECASE)
NAMED_FIRST = re.compile(rf"([^\W\d]+)[. ]+(\d{{1,2}})[., ]+(\d{{4}}){TIME}", re.IGNORECASE)
CHARACTERS = re.compile(rf"(\d{{4}})[年년] ?(\d{{1,2}})[月월] ?(\d{{1,2}})[日일]{TIME}")
ZONE_APART = re.compile(r" (?=[+-]\d{2}:?\d{2}$)")


class NotADate(ValueError):
    """The text is not a date."""


class TwoDates(ValueError):
    """The text can be read as two dates."""


@lru_cache(maxsize=4096)  # rows that follow each other often have the same date
def read_date(text: str, order: str) -> datetime:
    """Returns a date and time, aware when the text names a zone, at midnight without a time.

    `order` is `dmy`, `mdy`, or empty when it is not known. Raises `NotADate`, and `TwoDates` when
    the order would be needed.
    """
    plain = ZONE_APART.sub("", text.strip().removesuffix(" UTC"))
    if SERIAL.fullmatch(plain):
        days = float(plain)
        if FIRST_SERIAL <= days <= LAST_SERIAL:
            return SERIAL_EPOCH + timedelta(seconds=round(days * 86400))
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    try:
        return _read(plain, order)
    except (ValueError, KeyError) as error:
        if isinstance(error, TwoDates):
            raise
        raise NotADate(text) from None


def _read(text: str, order: str) -> datetime:
    if found := NUMBERS.fullmatch(text):
        first, sign, second, third, *time = found.groups()
        if len(first) > 2:
            return _moment(first, second, third, time)
        if sign == ".":
            order = DAY_FIRST
        if int(first) > 12 or int(second) > 12 or first == second:
            own = MONTH_FIRST if int(second) > 12 else DAY_FIRST
            if order and order != own and first != second:
                raise NotADate(text)
            order = own
        if not order:
            raise TwoDates(text)
        month, day = (first, second) if order == MONTH_FIRST else (second, first)
        return _moment(third, month, day, time)
    if found := CHARACTERS.fullmatch(text):
        year, month, day, *time = found.groups()
        return _moment(year, month, day, time)
    if found := NAMED.fullmatch(text):
        day, name, year, *time = found.groups()
    elif found := NAMED_FIRST.fullmatch(text):
        name, day, year, *time = found.groups()
    else:
        raise NotADate(text)
    months = _months(active_locale()) | _months(Locale("en"))
    return _moment(year, str(months[fold(name)]), day, time)


def _moment(year: str, month: str, day: str, time: list[str | None]) -> datetime:
    whole = int(year)
    if len(year) <= 2:
        whole += 2000 if whole < CENTURY else 1900
    hour, minute, second, half = time
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise NotADate(f"{hours} {half}")
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    clock = hours, int(minute or 0), int(second or 0)
    return datetime(whole, int(month), int(day), *clock)  # noqa: DTZ001  # a file tells no zone


@cache
def _months(locale: Locale) -> dict[str, int]:
    return {
        fold(name).rstrip("."): number
        for names in (
            get_month_names("wide", "format", locale),
            get_month_names("wide", "stand-alone", locale),
            get_month_names("abbreviated", "format", locale),
            get_month_names("abbreviated", "stand-alone", locale),
        )
        for number, name in names.items()
    }


def column_order(texts: Iterable[str]) -> str:
    """Returns the order of day and month in a column: `dmy`, `mdy`, or empty when nothing shows it.

    Empty too when the dates contradict each other.
    """
    shown = set()
    for text in texts:
        found = NUMBERS.fullmatch(text.strip())
        if found is None or len(found[1]) > 2 or found[2] == ".":
            continue
        if int(found[1]) > 12:
            shown.add(DAY_FIRST)
        elif int(found[3]) > 12:
            shown.add(MONTH_FIRST)
    return shown.pop() if len(shown) == 1 else ""


def office_order() -> str:
    """Returns the order of day and month in which people of the office write dates."""
    office = get_office()
    country = get_global("zone_territories").get(office.time_zone, "")
    locale = locale_of(office.language)
    with suppress(UnknownLocaleError):  # no people write the language in that country
        locale = locale if locale.territory else Locale(locale.language, country or None)
    pattern = locale.date_formats["short"].pattern
    is_month_first = -1 < pattern.find("M") < pattern.find("d")
    return MONTH_FIRST if is_month_first and not pattern.startswith("y") else DAY_FIRST


def sentences(orders: dict[str, str]) -> list[str]:
    """Returns how the columns of a file are read, for its preview."""
    words = {
        DAY_FIRST: _("%(columns)s: the day comes first, so 3/4/2026 is 3 April."),
        MONTH_FIRST: _("%(columns)s: the month comes first, so 3/4/2026 is 4 March."),
    }
    found: dict[str, list[str]] = {}
    for column, order in orders.items():
        found.setdefault(order, []).append(column)
    return [words[order] % {"columns": ", ".join(columns)} for order, columns in found.items()]
