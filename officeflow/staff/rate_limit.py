"""Pages that are open to strangers count wrong tries, and stop answering for a while.

Each web process counts for itself in its own memory: two processes let twice as many through. The
secrets behind these pages are too long to be guessed anyway; this keeps the noise down.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from officeflow.staff.lockout import client_address


@dataclass(frozen=True)
class RateLimit:
    """So many tries from one address within so many seconds, then it is exceeded."""

    name: str
    limit: int
    seconds: int

    def _key(self, who: str) -> str:
        return f"rate-limit:{self.name}:{who}"

    def is_exceeded(self, request: HttpRequest, who: str = "") -> bool:
        """Whether this caller (or `who` they ask for) has tried too often."""
        return int(cache.get(self._key(who or str(client_address(request))), 0)) >= self.limit

    def count(self, request: HttpRequest, who: str = "") -> None:
        """Counts a try."""
        key = self._key(who or str(client_address(request)))
        # Added first: what is counted up keeps the moment at which it will be forgotten.
        if not cache.add(key, 1, timeout=self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # forgotten between the two
                cache.add(key, 1, timeout=self.seconds)
