"""The database backend of the settings (Django imports it from a module `base`)."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property


class LossIsOperational(DatabaseErrorWrapper):
    """Raises `OperationalError` for every loss of the server.

    When the server crashed while the connection was idle, psycopg2 2.9 notices at the next
    statement and raises the base class `DatabaseError` without an SQLSTATE. Callers that answer 503
    or begin again on a new connection catch `OperationalError`.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        """Raises Django's error for that of psycopg2."""
        if type(error) is psycopg2.DatabaseError and error.pgcode is None:
            loss = psycopg2.OperationalError(*error.args).with_traceback(trace)
            kind, error = type(loss), loss
        return super().__exit__(kind, error, trace)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL."""

    @cached_property
    def wrap_database_errors(self) -> LossIsOperational:
        """The context manager around every call of psycopg2."""
        return LossIsOperational(self)
