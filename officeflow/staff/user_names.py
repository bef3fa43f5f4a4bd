"""User names: which are the same, and which could be taken for another."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

# The column of django-axes.
MOST_COUNTED = 255
# Alphabets with letters that look the same, such as the Latin and the Cyrillic a.
ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}


def user_name_key(name: str) -> str:
    """Returns what two user names have in common that differ in case or width only.

    It is NFKC of the case folding, so that `Rita`, `rita` and full-width letters are one name.
    """
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)


def one_alphabet(name: str) -> None:
    """Raises `ValidationError` for a name that mixes alphabets with letters that look the same."""
    used = {unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha()}
    if len(used & ALIKE) > 1:
        raise ValidationError(_("Use letters of one alphabet."), code="alphabets")


def counted_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """Returns the user name under which failed sign-ins are counted, however it was typed."""
    given = credentials or (request.POST if request is not None else {})
    name = given.get("username")
    return None if name is None else user_name_key(str(name))[:MOST_COUNTED]
