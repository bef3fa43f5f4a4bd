"""Refuses passwords that are short, or that a guesser with lists finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from officeflow.company.queries import find_office

if TYPE_CHECKING:
    from officeflow.staff.models import User

SHORTEST = 10  # characters
LEAST_SCORE = 3  # of 4: more than 100 million guesses
MOST_JUDGED = 72  # characters; more take long to judge and cannot make a password worse
SHORTEST_WORD = 4
LEAST_REST = 8  # characters besides own words


class PasswordValidator:
    """Asks for a length, and estimates with zxcvbn how many guesses a password needs.

    The guesses are breached passwords, words, names, dates and rows of keys. The office's and the
    person's own words count as known to the guesser.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises `ValidationError` for a password that is short or needs too few guesses."""
        if len(password) < SHORTEST:
            raise ValidationError(
                _("Use at least %(least)d characters.") % {"least": SHORTEST},
                code="password_short",
            )
        if password.isdigit():
            raise ValidationError(
                _("Use words or letters beside the digits."), code="password_of_digits"
            )
        words = own_words(user)
        found = zxcvbn(password[:MOST_JUDGED], user_inputs=words)
        if found["score"] < LEAST_SCORE or _is_mostly(password, words):
            raise ValidationError(
                _(
                    "This password is easy to guess. Use several words that do not belong "
                    "together, and no names of people or of the office."
                ),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        """Returns what makes a good password."""
        return _(
            "Use at least %(least)d characters: several words that do not belong together."
        ) % {"least": SHORTEST}


def _is_mostly(password: str, words: list[str]) -> bool:
    """Returns whether little is left of a password without the words in it."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < min(len(password), LEAST_REST)


def own_words(user: User | None) -> list[str]:
    """Returns the words of the office and of the person, in small letters."""
    texts = ["officeflow"]
    if office := find_office():
        texts.append(office.name)
    if user is not None:
        texts += [user.username, user.full_name, user.email]
    words = {word for text in texts for word in re.findall(r"\w+", text.lower())}
    joined = {re.sub(r"\W+", "", text.lower()) for text in texts}
    return sorted(word for word in words | joined if len(word) >= SHORTEST_WORD)
