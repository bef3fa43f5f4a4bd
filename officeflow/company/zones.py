"""Time zones as people look for them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from babel.core import get_global

from officeflow.text import name_key

LOOKUP_LIMIT = 12
NOWHERE = "ZZ"
LOCAL_TIME = Path("/etc/localtime")


@cache
def place_zones() -> tuple[str, ...]:
    """The zones that are named after a place, in order, and UTC first."""
    places = (zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone)
    return ("UTC", *sorted(places))


def said(zone: str) -> str:
    """A zone as people read it: `America/New York`."""
    return zone.replace("_", " ")


def find_zones(text: str) -> list[str]:
    """The zones whose name holds the text, those with a place that begins with it first."""
    wanted = name_key(text.replace("_", " "))
    if not wanted:
        return []
    found = [zone for zone in place_zones() if wanted in name_key(said(zone))]
    found.sort(key=lambda zone: not name_key(said(zone).rpartition("/")[2]).startswith(wanted))
    return found[:LOOKUP_LIMIT]


def meant(text: str) -> str:
    """The zone that somebody typed: its name, or a place that only one has. Empty when unclear."""
    typed = "_".join(text.split())
    by_name = {zone.lower(): zone for zone in available_timezones()}
    if exact := by_name.get(typed.lower()):
        return exact
    key = name_key(text)
    placed = [zone for zone in place_zones() if name_key(said(zone).rpartition("/")[2]) == key]
    if len(placed) == 1:
        return placed[0]
    found = find_zones(text)
    return found[0] if len(found) == 1 else ""


def region_of(zone: str) -> str | None:
    """The country (ISO 3166, two letters) of a time zone; None for one of no country, as UTC."""
    canonical = get_global("zone_aliases").get(zone, zone)
    region = get_global("zone_territories").get(canonical, NOWHERE)
    return None if region == NOWHERE else str(region)


def machine_zone() -> str:
    """The zone that this machine is set to; UTC when it does not say."""
    candidates = [os.environ.get("TZ", "").lstrip(":")]
    try:
        candidates.append(str(LOCAL_TIME.resolve()).partition("zoneinfo/")[2])
        candidates.append(Path("/etc/timezone").read_text().strip())
    except OSError:
        pass
    known = available_timezones()
    for zone in candidates:
        if zone in known and not zone.startswith("Etc/"):
            return zone
    return "UTC"
