"""Phone numbers and e-mail addresses in the form in which they are compared."""

from __future__ import annotations

import phonenumbers

from officeflow.company.zones import region_of


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
