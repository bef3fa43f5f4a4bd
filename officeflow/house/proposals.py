"""What the set-up form proposes before the owner has typed anything."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from officeflow.company.actions import OFFICE_HOURS
from officeflow.company.zones import machine_zone
from officeflow.house.forms.hours import HoursForm

EURO = [
    "AT",
    "BE",
    "CY",
    "DE",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PT",
    "SI",
    "SK",
]
# The currency of the region that the browser's language names, where it says one.
CURRENCIES = dict.fromkeys(EURO, "EUR") | {
    "AU": "AUD", "BR": "BRL", "CA": "CAD", "CH": "CHF", "CZ": "CZK", "DK": "DKK", "GB": "GBP",
    "HU": "HUF", "IN": "INR", "JP": "JPY", "KE": "KES", "MX": "MXN", "NG": "NGN", "NO": "NOK",
    "NZ": "NZD", "PL": "PLN", "SE": "SEK", "TZ": "TZS", "UA": "UAH", "US": "USD", "VN": "VND",
    "ZA": "ZAR",
}  # fmt: skip
# Where English is written with the month first; a browser that names no region says "en".
MONTH_FIRST = ("", "US", "PH")
OF_LANGUAGE = {"cs": "CZK", "nb": "NOK", "sw": "KES", "vi": "VND", "gu": "INR"}
TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?\b")
ROWS = 3


def for_office(request: HttpRequest) -> dict[str, Any]:
    """Zone, language, currency and hours, from the machine and what the browser asks for."""
    language, region = _asked(request)
    offered = dict(settings.LANGUAGES)
    whole = f"{language}-{region.lower()}"
    currency = CURRENCIES.get(region) or OF_LANGUAGE.get(language, "EUR")
    if language not in offered or (language == "en" and region not in MONTH_FIRST):
        language = "en-gb"  # the office's words in English, its dates with the day first
    return {
        "time_zone": machine_zone(),
        "language": whole if whole in offered else language,
        "currency": currency,
        "prices_include_tax": "0" if region in ("US", "CA") else "1",
        **HoursForm.values(OFFICE_HOURS),
    }


def rates() -> list[dict[str, Any]]:
    """A row for the standard rate, and empty ones."""
    return [{"name": _("Standard")}, *({} for _row in range(ROWS - 1))]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The language and region that the browser would like best, as `en` and `GB`."""
    wanted = TAG.match(request.headers.get("Accept-Language", ""))
    if wanted is None:
        return "en", ""
    return wanted[1].lower().replace("no", "nb"), (wanted[2] or "").upper()
