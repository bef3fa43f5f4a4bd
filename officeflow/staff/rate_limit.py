"""Limits of attempts on pages that need no sign-in, counted in PostgreSQL for all processes."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from officeflow.staff.callers import counted_address
from officeflow.staff.models import AttemptCount

COUNT = """
INSERT INTO staff_attemptcount AS kept (key, count, ends_at)
VALUES (%(key)s, 1, %(now)s + make_interval(secs => %(seconds)s))
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.ends_at <= %(now)s THEN 1 ELSE kept.count + 1 END,
    ends_at = CASE WHEN kept.ends_at <= %(now)s THEN excluded.ends_at ELSE kept.ends_at END
RETURNING count
"""


@dataclass(frozen=True)
class RateLimit:
    """At most `limit` attempts from one address, or for one `who`, within `seconds`."""

    name: str
    limit: int
    seconds: int

    def _key(self, who: str) -> str:
        # What was typed and addresses are personal data, and need not be stored.
        return sha256(f"{self.name}:{who}".encode()).hexdigest()

    def is_exceeded(self, request: HttpRequest, who: str = "") -> bool:
        """Returns whether the limit of the caller's address, or of `who`, is reached."""
        key = self._key(who or str(counted_address(request)))
        return AttemptCount.objects.filter(
            key=key, count__gte=self.limit, ends_at__gt=timezone.now()
        ).exists()

    def count(self, request: HttpRequest, who: str = "") -> bool:
        """Counts an attempt, and returns whether it is within the limit.

        Forgets counts that have ended.
        """
        now = timezone.now()
        key = self._key(who or str(counted_address(request)))
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"key": key, "now": now, "seconds": self.seconds})
            counted: int = cursor.fetchone()[0]
        AttemptCount.objects.filter(ends_at__lte=now).delete()
        return counted <= self.limit
