"""The database backend that the settings name (Django looks for it in a module `base`)."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property


class LossIsOperational(DatabaseErrorWrapper):
    """A lost PostgreSQL is an `OperationalError`, however psycopg2 came to know of it.

    When the server crashed while the connection lay idle, psycopg2 2.9 finds out as it sends, and
    raises the bare base class `DatabaseError`, without an SQLSTATE. Whoever says 503 for a
    database that is away, or begins again on a new connection, asks for `OperationalError`.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        """Raises Django's error for psycopg2's."""
        if type(error) is psycopg2.DatabaseError and error.pgcode is None:
            loss = psycopg2.OperationalError(*error.args).with_traceback(trace)
            kind, error = type(loss), loss
        return super().__exit__(kind, error, trace)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL."""

    @cached_property
    def wrap_database_errors(self) -> LossIsOperational:
        """What stands around every call of psycopg2."""
        return LossIsOperational(self)
