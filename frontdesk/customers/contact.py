"""Comparable forms of phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from officeflow.company.zones import region_of

DIGITS = re.compile(r"\+?[0-9]+")
PHONE = re.compile(r"\+?[\d\s()./-]+")
LEAST_PHONE_DIGITS = 6


def as_contact(text: str) -> dict[str, str]:
    """Returns `name`, `phone` and `email` of a new customer from what was typed to find one.

    A number is a phone, a word with an @ is an e-mail address, and everything else a name.
    """
    typed = text.strip()
    found = {"name": "", "phone": "", "email": ""}
    digits = sum(char.isdigit() for char in typed)
    if PHONE.fullmatch(typed) and digits >= LEAST_PHONE_DIGITS:
        kind = "phone"
    elif "@" in typed and " " not in typed:
        kind = "email"
    else:
        kind = "name"
    return {**found, kind: typed}


@lru_cache(maxsize=1000)  # an import reads each number several times
def phone_key(text: str, time_zone: str) -> str:
    """Returns a phone number in E.164 form (`+442079460958`), or its digits when no number
    can be read from it.

    A number without a country prefix belongs to the country of the time zone.
    """
    region = region_of(time_zone)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "".join(char for char in text if char.isdigit())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spaced_phone(text: str, time_zone: str) -> str:
    """Returns a phone number typed as digits alone in the groups in which it is read aloud.

    `02079460958` becomes `020 7946 0958`, `+4930901820` becomes `+49 30 901820`. Every other text
    stays as it was typed.
    """
    if not DIGITS.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text, region_of(time_zone))
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return text
    formats = phonenumbers.PhoneNumberFormat
    kind = formats.INTERNATIONAL if text.startswith("+") else formats.NATIONAL
    return phonenumbers.format_number(number, kind)


def email_key(text: str) -> str:
    """Returns an e-mail address in lower case without surrounding white space."""
    return text.strip().lower()
