"""Phone numbers and e-mail addresses in the form in which they are compared."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from zoneinfo import TZPATH

import phonenumbers

# The country whose numbers people write without a prefix, by the office's time zone, where the
# machine has no list of its own.
ZONE_REGIONS = {
    "Europe/London": "GB",
    "Europe/Oslo": "NO",
    "Europe/Prague": "CZ",
    "Asia/Kolkata": "IN",
    "Asia/Ho_Chi_Minh": "VN",
    "Africa/Nairobi": "KE",
    "Africa/Dar_es_Salaam": "TZ",
}


@lru_cache(maxsize=32)
def region_of(time_zone: str) -> str | None:
    """The country (ISO 3166, two letters) of a time zone; None when nobody says.

    Read from the time zone database's own list, `zone.tab`.
    """
    known = ZONE_REGIONS.get(time_zone)
    if known:
        return known
    for folder in TZPATH:
        table = Path(folder) / "zone.tab"
        if not table.is_file():
            continue
        for line in table.read_text(encoding="utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) > 2 and columns[2] == time_zone:
                return columns[0]
    return None


def phone_key(text: str, time_zone: str) -> str:
    """A phone number in E.164 (`+442079460958`) where it can be read, else its bare digits.

    Numbers without a country prefix are read as the office's own country, which is known from
    its time zone.
    """
    region = region_of(time_zone)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "".join(char for char in text if char.isdigit())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str) -> str:
    """An e-mail address as it is compared: without white space around it, in lower case."""
    return text.strip().lower()
