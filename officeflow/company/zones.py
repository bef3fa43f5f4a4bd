"""Finding time zones by the names of places."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import available_timezones

from babel.core import get_global

from officeflow.text import name_key

LOOKUP_LIMIT = 12
NO_REGION = "ZZ"
LOCAL_TIME = Path("/etc/localtime")


def canonical_zone(zone: str) -> str:
    """Returns the name by which a zone is known today: `Asia/Kolkata` for `Asia/Calcutta`."""
    current = str(get_global("zone_aliases").get(zone, zone))
    return current if current in available_timezones() else zone


@cache
def place_zones() -> tuple[str, ...]:
    """Returns UTC and the zones named after a place, with their earlier names, sorted by name."""
    places = (zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone)
    return ("UTC", *sorted(places))


def zone_label(zone: str) -> str:
    """Returns a zone's name with spaces: `America/New York`."""
    return zone.replace("_", " ")


def search_zones(text: str) -> list[str]:
    """Returns the zones of which a name contains the text, those whose place begins with it first.

    A zone that had other names is found by them too, and returned once.
    """
    wanted = name_key(text.replace("_", " "))
    if not wanted:
        return []
    found = [zone for zone in place_zones() if wanted in name_key(zone_label(zone))]
    found.sort(key=lambda zone: not _place_key(zone).startswith(wanted))
    return list(dict.fromkeys(map(canonical_zone, found)))[:LOOKUP_LIMIT]


def _place_key(zone: str) -> str:
    return name_key(zone_label(zone).rpartition("/")[2])


def find_zone(text: str) -> str:
    """Returns the zone of that name, or the only one that matches; empty for none or several."""
    typed = "_".join(text.split())
    by_name = {zone.lower(): zone for zone in available_timezones()}
    if exact := by_name.get(typed.lower()):
        return canonical_zone(exact)
    key = name_key(text)
    placed = {canonical_zone(zone) for zone in place_zones() if _place_key(zone) == key}
    if len(placed) == 1:
        return placed.pop()
    found = search_zones(text)
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=256)  # `available_timezones` reads hundreds of files
def region_of(zone: str) -> str | None:
    """Returns the country (ISO 3166, two letters) of a time zone; None for UTC and the like."""
    region = get_global("zone_territories").get(canonical_zone(zone), NO_REGION)
    return None if region == NO_REGION else str(region)


def machine_zone() -> str:
    """Returns the time zone of this machine; UTC when it is not known."""
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
