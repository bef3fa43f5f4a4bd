"""First passwords that somebody can read out to a colleague."""

from __future__ import annotations

import secrets

CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"


def pronounceable_password() -> str:
    """A new random password in syllables, such as `kilora-tafuno-bezami-47`: about 58 bits."""
    words = [
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(3))
        for _ in range(3)
    ]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])
