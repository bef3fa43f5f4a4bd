"""The buttons on the page of a record."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class ActionLink:
    """One button: where it leads, its icon and the key that presses it."""

    name: str
    label: str | Promise
    url: str
    icon: str
    key: str = ""
    variant: str = "secondary"
