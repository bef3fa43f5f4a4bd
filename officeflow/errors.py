"""What an action says when it will not do something: in words for the person who asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):
    """What was given cannot be used. `message` says what is wrong and what to do about it.

    `field` names the input it is about; empty when it is about the whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        self.message, self.field = message, field
        super().__init__(str(message))


class Conflict(Exception):
    """The thing is not in a state that allows this; perhaps a colleague was faster."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(str(message))


class StaleRecord(Conflict):
    """Somebody changed the record since the form was opened; `theirs` is how it stands now."""

    def __init__(self, theirs: Any, message: str = "") -> None:
        self.theirs = theirs
        super().__init__(message or _("A colleague has changed this. Compare, then save again."))
