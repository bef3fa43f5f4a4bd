"""Sessions in the database, as Django stores them, read by SQL that is made once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from officeflow.postgres.rows import read_rows, records_of, sql_of


class SessionStore(db.SessionStore):
    """The store that `SESSION_ENGINE` names."""

    def _get_session_from_db(self) -> Any:
        """Returns the session of the key; None, and no key any more, when it has ended."""
        for row in read_rows(_session(), [self.session_key, timezone.now()]):
            return records_of(row, Session)[0]
        self._session_key = None
        return None


@cache
def _session() -> str:
    """Returns the SQL of the session with a key that ends after a moment."""
    known = Session.objects.filter(session_key="").filter(expire_date__gt=timezone.now())
    return sql_of(known)
