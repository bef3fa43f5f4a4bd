"""Limits of attempts on pages that need no sign-in.

Each web process counts in its own memory, so that two processes allow twice as many. The secrets
behind these pages are too long to be guessed; the limits only reduce load.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from officeflow.staff.lockout import client_address


@dataclass(frozen=True)
class RateLimit:
    """At most `limit` attempts from one IP address, or for one `who`, within `seconds`."""

    name: str
    limit: int
    seconds: int

    def _key(self, who: str) -> str:
        return f"rate-limit:{self.name}:{who}"

    def is_exceeded(self, request: HttpRequest, who: str = "") -> bool:
        """Returns whether the limit of the caller's address, or of `who`, is reached."""
        return int(cache.get(self._key(who or str(client_address(request))), 0)) >= self.limit

    def count(self, request: HttpRequest, who: str = "") -> None:
        """Counts an attempt."""
        key = self._key(who or str(client_address(request)))
        # `add` sets the timeout, which `incr` keeps.
        if not cache.add(key, 1, timeout=self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # expired between the two calls
                cache.add(key, 1, timeout=self.seconds)
