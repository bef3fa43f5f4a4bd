"""Finding customers: by name without accents, by phone digits, by e-mail, by number."""

from __future__ import annotations

import re

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from frontdesk.models import Customer
from officeflow.numbering import normalise
from officeflow.text import name_key

# A phone is looked for once this many digits are typed: fewer match half the town.
LEAST_DIGITS = 4
# Shorter than a trigram: the index answers only how a name begins.
TRIGRAM = 3


def customers() -> QuerySet[Customer]:
    """Every customer the desk may open, by name; the switched-off ones too."""
    return Customer.objects.order_by("name_key", "id")


def phone_digits(text: str) -> str:
    """The digits of a phone number as typed, without the zeros or the `00` in front.

    Empty when the text holds letters: then it is no phone number.
    """
    if re.search(r"[^\d\s()+./-]", text):
        return ""
    return re.sub(r"\D", "", text).lstrip("0")


def matching(text: str) -> Q:
    """What a customer must fulfil to be meant by `text`; never empty text."""
    key = name_key(text)
    if len(key) < TRIGRAM:
        wanted = Q(name_key__startswith=key)
    else:
        wanted = Q()
        for word in key.split():
            wanted &= Q(name_key__contains=word)
    digits = phone_digits(text)
    if len(digits) >= LEAST_DIGITS:
        wanted |= Q(phone_key__contains=digits)
    if "@" in text:
        wanted |= Q(email_key__startswith=text.strip().casefold())
    elif len(key) >= TRIGRAM and " " not in key:
        wanted |= Q(email_key__startswith=key)
    number = normalise(text)
    if number.startswith("CU-"):
        wanted |= Q(number=number)
    return wanted


def search_customers(text: str, *, limit: int = 8) -> list[Customer]:
    """The active customers meant by `text`, names that begin with it first."""
    text = text.strip()
    if not text:
        return []
    key = name_key(text)
    rank = Case(
        When(number=normalise(text), then=Value(0)),
        When(email_key=text.casefold(), then=Value(0)),
        When(name_key=key, then=Value(1)),
        When(name_key__startswith=key, then=Value(2)),
        When(name_key__contains=f" {key}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return list(
        Customer.objects.filter(matching(text), is_active=True)
        .annotate(rank=rank)
        .order_by("rank", "name_key", "id")[:limit]
    )


def customer_meant(text: str) -> Customer | None:
    """The one customer whom `text` names exactly, or None when there is none or more than one."""
    text = text.strip()
    exact = Q(number=normalise(text)) | Q(name_key=name_key(text)) | Q(email_key=text.casefold())
    found = list(Customer.objects.filter(exact, is_active=True)[:2])
    return found[0] if len(found) == 1 else None
