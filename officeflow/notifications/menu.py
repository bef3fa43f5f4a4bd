"""What the link in the top bar shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.urls import reverse

from officeflow.notifications.sources import sources_of, unread
from officeflow.staff.models import User


def menu(user: User, version: str = "") -> dict[str, Any] | None:
    """Returns what the link shows; None for a person without any source."""
    if not user.is_authenticated or not sources_of(user):
        return None
    by_source = unread(user)
    since = ".".join(f"{code}-{newest}" for code, (_number, newest) in by_source.items())
    return {
        "count": sum(number for number, _newest in by_source.values()),
        "version": version,
        "live_url": f"{reverse('notifications:menu')}?since={quote(since)}",
        "list_url": reverse("notifications:list"),
    }


def seen_in(since: str) -> dict[str, int] | None:
    """Returns the newest ids that a page has shown, by source; None for a malformed text."""
    seen = {}
    for part in since.split("."):
        code, _, newest = part.partition("-")
        if not (newest.isascii() and newest.isdecimal() and len(newest) < 19):
            return None
        seen[code] = int(newest)
    return seen
