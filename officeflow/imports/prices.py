"""Whether the prices of a file include tax: chosen with its columns, or as in the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from officeflow.errors import Refused

OPTION = "prices"  # of an import
WITH_TAX, WITHOUT_TAX = "with_tax", "without_tax"


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
