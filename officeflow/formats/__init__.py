"""Numbers by language and region, with Unicode's locale data (CLDR) from Babel."""

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
    """Returns the locale of a language code of Django: `en-gb`, `pt-br`, `zh-hans`."""
    while language:
        try:
            return Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            language = language.rpartition("-")[0]
    return Locale("en")


def likely_region(language: str) -> str:
    """Returns the country with most speakers of a language, `CZ` for `cs`; empty if unknown."""
    return str(get_global("likely_subtags").get(language, "")).rpartition("_")[2]


def active_locale() -> Locale:
    """Returns the locale of the active language."""
    return locale_of(get_language() or settings.LANGUAGE_CODE)


def decimal_sign(locale: Locale) -> str:
    """Returns the decimal separator."""
    return str(locale.number_symbols["latn"]["decimal"])


def group_sign(locale: Locale) -> str:
    """Returns the grouping separator; for Switzerland a typographic apostrophe."""
    return str(locale.number_symbols["latn"]["group"]).replace("'", "’")


def grouping(locale: Locale) -> tuple[int, ...]:
    """Returns the digits of each group, from the right, as in Django's `NUMBER_GROUPING`."""
    return (*locale.decimal_formats[None].grouping, 0)


@cache
def _signs(locale: Locale) -> tuple[str, str, bool]:
    """Returns the decimal separator, that of groups, and whether each group has three digits."""
    return decimal_sign(locale), group_sign(locale), grouping(locale) == (3, 3, 0)


def write_number(number: Decimal, decimals: int, locale: Locale) -> str:
    """Returns a number with this many decimals, in groups.

    Babel's own formatting is not used, because it loses Switzerland's apostrophes (2.19).
    """
    decimal, group, is_in_threes = _signs(locale)
    if is_in_threes and number.as_tuple().exponent == -decimals:  # nothing is cut off
        whole, _dot, fraction = f"{number:,f}".partition(".")
        return f"{whole.replace(',', group)}{decimal if fraction else ''}{fraction}"
    return numberformat.format(
        number,
        decimal_sign(locale),
        decimals,
        grouping(locale),
        group_sign(locale),
        force_grouping=True,
        use_l10n=True,
    )
