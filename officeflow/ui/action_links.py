"""The buttons on the page of a record."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class ActionLink:
    """A button that links to `url`; `key` is its keyboard shortcut.

    With `panel`, a name, the page opens the link in its side panel: `pay` for a payment.
    """

    name: str
    label: str | Promise
    url: str
    icon: str
    key: str = ""
    variant: str = "secondary"
    panel: str = ""
