"""Random passwords that can be read aloud, and what a changed password ends."""

from __future__ import annotations

import secrets
from typing import Any

CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"


def pronounceable_password() -> str:
    """Returns a random password such as `kilora-tafuno-bezami-47`, with about 62 bits."""
    words = [
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(3))
        for _ in range(3)
    ]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])


class EndsTokens:
    """A password validator that accepts every password, and ends API tokens when one is changed.

    Django calls it for a change by `User.save`, as `manage.py changepassword` makes it. The
    office's own actions do the same by themselves. Sessions end too: their hash has the password.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Accepts the password."""

    def password_changed(self, password: str, user: Any = None) -> None:
        """Ends the person's API tokens, with an entry in the audit trail."""
        from officeflow.staff.actions import record_password_change

        if user is not None and user.pk:
            record_password_change(actor=None, user=user)

    def get_help_text(self) -> str:
        """Returns nothing, as there is no rule to follow."""
        return ""
