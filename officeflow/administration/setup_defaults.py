"""What the set-up form proposes before the owner has typed anything."""

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
from officeflow.formats.languages import words_of

TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?\b")
ROWS = 3


def for_office(request: HttpRequest) -> dict[str, Any]:
    """Zone, language, currency and hours, from the machine and what the browser asks for."""
    zone = machine_zone()
    language, region = _asked(request)
    if not region:
        region = region_of(zone) or likely_region(language)
    currencies = get_territory_currencies(region)
    return {
        "time_zone": zone,
        "language": _offered(language, region),
        "currency": currencies[-1] if currencies else "EUR",
        "prices_include_tax": "0" if region in ("US", "CA") else "1",
        **HoursForm.values(OFFICE_HOURS),
    }


def _offered(language: str, region: str) -> str:
    """The language with the region if that is offered, else in English with the day first."""
    words = words_of(language)
    asked = words if (words, region) == ("en", "US") else f"{words}-{region.lower()}"
    return asked if asked in dict(settings.LANGUAGES) else "en-gb"


def rates() -> list[dict[str, Any]]:
    """A row for the standard rate, and empty ones."""
    return [{"name": _("Standard")}, *({} for _row in range(ROWS - 1))]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The language and region that the browser would like best, as `en` and `GB`."""
    wanted = TAG.match(request.headers.get("Accept-Language", ""))
    if wanted is None:
        return "en", ""
    return wanted[1].lower().replace("no", "nb"), (wanted[2] or "").upper()
