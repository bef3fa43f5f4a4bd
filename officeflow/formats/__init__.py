"""How a language and a region write numbers: what Unicode's locale data (CLDR) say, by Babel."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.conf import settings
from django.utils import numberformat
from django.utils.translation import get_language


@cache
def locale_of(language: str) -> Locale:
    """Unicode's locale for a language as Django names it: `en-gb`, `pt-br`, `zh-hans`."""
    while language:
        try:
            return Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            language = language.rpartition("-")[0]
    return Locale("en")


def likely_region(language: str) -> str:
    """The country in which most of a language's people live, as `CZ` for `cs`; empty if unknown."""
    return str(get_global("likely_subtags").get(language, "")).rpartition("_")[2]


def active_locale() -> Locale:
    """Unicode's locale for the active language."""
    return locale_of(get_language() or settings.LANGUAGE_CODE)


def decimal_sign(locale: Locale) -> str:
    """What stands before the decimals."""
    return str(locale.number_symbols["latn"]["decimal"])


def group_sign(locale: Locale) -> str:
    """What stands between thousands; Switzerland's apostrophe as it is printed."""
    return str(locale.number_symbols["latn"]["group"]).replace("'", "’")


def grouping(locale: Locale) -> tuple[int, ...]:
    """How many digits stand in each group, from the right, as Django counts them."""
    return (*locale.decimal_formats[None].grouping, 0)


def write_number(number: Decimal, decimals: int, locale: Locale) -> str:
    """A number with this many decimals, in groups.

    Not by Babel's own formatting, which loses the apostrophes of Switzerland (2.19).
    """
    return numberformat.format(
        number,
        decimal_sign(locale),
        decimals,
        grouping(locale),
        group_sign(locale),
        force_grouping=True,
        use_l10n=True,
    )
