"""Whether the prices of a file include tax: chosen with its columns, or as in the office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from officeflow.errors import Refused

OPTION = "prices"  # of an import
WITH_TAX, WITHOUT_TAX = "with_tax", "without_tax"
TAXES = r"(?:vat|tax(?:es)?|gst|sales tax|mwst|ust|steuer|tva|taxes|iva|btw|moms)"
WITHOUT_WORDS = (
    rf"(?:excluding|exclusive|excl|exc|ex|without|w/?o|before|ohne|exkl|zzgl|hors|sans|sin|senza)"
    rf"[ .-]*(?:of )?{TAXES}|(?:{TAXES}[ .]*)?(?:excl|exkl|excluded)|ht|net|netto"
)
WITH_WORDS = (
    rf"(?:including|inclusive|incl|inc|with|inkl|con|avec)[ .-]*(?:of )?{TAXES}"
    rf"|(?:{TAXES}[ .]*)?(?:incl|inkl|included)|ttc|gross|brutto"
)
# Words about tax in the heading of a price, in brackets or not; `Nettopreis` is one word.
TAX_WORDS = re.compile(
    rf"(?<!\w)(?:(?P<without>{WITHOUT_WORDS})|(?P<with>{WITH_WORDS}))\.?(?!\w)"
    r"|(?<!\w)(?:(?P<net>netto)|(?P<gross>brutto))(?=preis|einzelpreis|verkaufspreis|betrag|prijs)",
    re.IGNORECASE,
)


def checked_prices(options: Mapping[str, Any]) -> dict[str, str]:
    """Returns the choice for storing; empty for prices as in the office. Raises `Refused`."""
    chosen = str(options.get(OPTION) or "")
    if chosen not in ("", WITH_TAX, WITHOUT_TAX):
        raise Refused(_("Choose whether the prices include tax."), OPTION)
    return {OPTION: chosen}


def prices_have_tax(options: Mapping[str, Any], own: bool) -> bool:
    """Returns whether the prices of a file include tax; `own` tells it of the office's prices."""
    return own if not options.get(OPTION) else options[OPTION] == WITH_TAX


def sentence(options: Mapping[str, Any], own: bool, currency: str) -> str:
    """Returns how the prices of a file are read, for its preview."""
    has_tax = prices_have_tax(options, own)
    if has_tax and own:
        text = _("Prices are in %(currency)s and include tax, like your shop prices.")
    elif has_tax:
        text = _(
            "Prices are in %(currency)s and include tax. Your shop prices do not: the tax is taken "
            "out of each amount."
        )
    elif own:
        text = _(
            "Prices are in %(currency)s without tax. Your shop prices include it: the tax is added "
            "to each amount."
        )
    else:
        text = _("Prices are in %(currency)s without tax, like your shop prices.")
    return text % {"currency": currency}


def option_for(has_tax: bool) -> str:
    """Returns the choice for prices with or without tax."""
    return WITH_TAX if has_tax else WITHOUT_TAX


def split_heading(heading: str) -> tuple[str, bool | None]:
    """Returns a heading without its words about tax, and whether they say that it is included.

    None for a heading without such words. `Price ex VAT` becomes `Price` and False.
    """
    found = TAX_WORDS.search(heading.replace("_", " "))
    if found is None:
        return heading, None
    bare = heading[: found.start()] + heading[found.end() :]
    return bare.strip(" ()[]-,."), bool(found["with"] or found["gross"])


def option_of_headings(headings: Iterable[str]) -> str:
    """Returns the choice that the headings of prices show; empty without one, or with both."""
    shown = {split_heading(each)[1] for each in headings} - {None}
    return option_for(bool(shown.pop())) if len(shown) == 1 else ""
