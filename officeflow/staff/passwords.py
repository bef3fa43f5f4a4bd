"""Random passwords that can be read aloud."""

from __future__ import annotations

import secrets

CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"


def pronounceable_password() -> str:
    """Returns a random password such as `kilora-tafuno-bezami-47`, with about 62 bits."""
    words = [
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(3))
        for _ in range(3)
    ]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])
