"""The errors that actions raise, with messages for the person who uses the product."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):
    """The input cannot be used. `message` says what is wrong and what to do.

    `field` names the input that the message is about; empty for the input as a whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        self.message, self.field = message, field
        super().__init__(str(message))


class Conflict(Exception):
    """The record's state does not allow the action, perhaps because a colleague changed it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(str(message))


class StaleRecord(Conflict):
    """The record changed since the form was opened; `theirs` is the current record."""

    def __init__(self, theirs: Any, message: str = "") -> None:
        self.theirs = theirs
        super().__init__(message or _("A colleague has changed this. Compare, then save again."))
