"""The initial values of the set-up form."""

from __future__ import annotations

import re
from typing import Any

from babel.numbers import get_territory_currencies
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from officeflow.administration.forms.hours import HoursForm
from officeflow.company.actions import OFFICE_HOURS
from officeflow.company.zones import machine_zone, region_of
from officeflow.formats import likely_region
from officeflow.formats.languages import text_language

LANGUAGE_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?\b")
RATE_ROWS = 3


def for_office(request: HttpRequest) -> dict[str, Any]:
    """Returns time zone, language, currency and hours, by the machine and the browser."""
    zone = machine_zone()
    language, region = _browser_language(request)
    if not region:
        region = region_of(zone) or likely_region(language)
    currencies = get_territory_currencies(region)
    return {
        "time_zone": zone,
        "language": _supported_language(language, region),
        "currency": currencies[-1] if currencies else "EUR",
        "prices_include_tax": "0" if region in ("US", "CA") else "1",
        **HoursForm.values(OFFICE_HOURS),
    }


def _supported_language(language: str, region: str) -> str:
    """Returns the code of the language in the region if it is supported, else `en-gb`."""
    text = text_language(language)
    code = text if (text, region) == ("en", "US") else f"{text}-{region.lower()}"
    return code if code in dict(settings.LANGUAGES) else "en-gb"


def rates() -> list[dict[str, Any]]:
    """Returns a row for the standard rate and empty rows."""
    return [{"name": _("Standard")}, *({} for _row in range(RATE_ROWS - 1))]


def _browser_language(request: HttpRequest) -> tuple[str, str]:
    """Returns the browser's preferred language and region, such as `en` and `GB`."""
    tag = LANGUAGE_TAG.match(request.headers.get("Accept-Language", ""))
    if tag is None:
        return "en", ""
    return tag[1].lower().replace("no", "nb"), (tag[2] or "").upper()
