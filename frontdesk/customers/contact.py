"""Comparable forms of phone numbers and e-mail addresses."""

from __future__ import annotations

import phonenumbers

from officeflow.company.zones import region_of


def phone_key(text: str, time_zone: str) -> str:
    """Returns a phone number in E.164 form (`+442079460958`), or its digits if it is not valid.

    A number without a country prefix belongs to the country of the time zone.
    """
    region = region_of(time_zone)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "".join(char for char in text if char.isdigit())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(text: str) -> str:
    """Returns an e-mail address in lower case without surrounding white space."""
    return text.strip().lower()
