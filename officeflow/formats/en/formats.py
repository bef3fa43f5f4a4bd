"""English formats by region: `en-de` has the day first and a decimal comma.

Converts Unicode's locale data to Django's formats. A short date always has two digits for day and
month and four for the year, so that dates align in a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from babel import Locale

from officeflow.formats import active_locale, decimal_sign, group_sign, grouping

# Unicode's pattern letters (UTS 35) as letters of Django's `date` filter.
WRITTEN = {"y": "Y", "yy": "Y", "M": "n", "MM": "m", "MMM": "M", "MMMM": "F", "d": "j", "dd": "j",
           "h": "g", "H": "G", "HH": "H", "mm": "i", "a": "a"}  # fmt: skip
SHORT = {"M": "m", "d": "d", "dd": "d"}
READ = {"Y": "%Y", "m": "%m", "d": "%d"}


def _django(pattern: str, letters: dict[str, str]) -> str:
    plain = pattern.replace("\N{NARROW NO-BREAK SPACE}", " ")
    return re.sub(r"([a-zA-Z])\1*", lambda found: letters[found[0]], plain)


def _date(locale: Locale) -> str:
    return _django(locale.date_formats["medium"].pattern, WRITTEN)


def _time(locale: Locale) -> str:
    return _django(locale.time_formats["short"].pattern, WRITTEN)


def _short_date(locale: Locale) -> str:
    return _django(locale.date_formats["short"].pattern, WRITTEN | SHORT)


def _month_day(locale: Locale) -> str:
    return "F j" if _date(locale).startswith(("M", "F")) else "j F"


FORMATS: dict[str, Callable[[Locale], Any]] = {
    "DATE_FORMAT": _date,
    "TIME_FORMAT": _time,
    "DATETIME_FORMAT": lambda locale: f"{_date(locale)}, {_time(locale)}",
    "SHORT_DATE_FORMAT": _short_date,
    "SHORT_DATETIME_FORMAT": lambda locale: f"{_short_date(locale)} {_time(locale)}",
    "MONTH_DAY_FORMAT": _month_day,
    "YEAR_MONTH_FORMAT": lambda locale: "F Y",
    "DATE_INPUT_FORMATS": lambda locale: [
        re.sub(r"[Ymd]", lambda found: READ[found[0]], _short_date(locale))
    ],
    "FIRST_DAY_OF_WEEK": lambda locale: (locale.first_week_day + 1) % 7,
    "DECIMAL_SEPARATOR": decimal_sign,
    "THOUSAND_SEPARATOR": group_sign,
    "NUMBER_GROUPING": grouping,
}


def __getattr__(name: str) -> Any:
    """Returns a format for the active language; Django caches it by format and language."""
    if name not in FORMATS:
        raise AttributeError(name)
    return FORMATS[name](active_locale())
