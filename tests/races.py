"""Actions that happen at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from officeflow.errors import Conflict

Act = Callable[[], Any]


def at_once(*acts: Act) -> list[str]:
    """Runs actions on connections of their own at the same time.

    Returns "" or the conflict's message for each, in order; any other error is raised.
    """
    errors = _errors_of(acts)
    for error in errors:
        if error is not None and not isinstance(error, Conflict):
            raise error
    return ["" if error is None else str(error) for error in errors]


def outcomes_at_once(*acts: Act) -> list[str]:
    """Does the same; returns "done" or the name of its error for each, in order."""
    return ["done" if error is None else type(error).__name__ for error in _errors_of(acts)]


def _errors_of(acts: tuple[Act, ...]) -> list[Exception | None]:
    start = Barrier(len(acts))

    def run(act: Act) -> Exception | None:
        try:
            connections["default"].ensure_connection()
            start.wait(timeout=20)
            act()
            return None
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def until_somebody_waits() -> None:
    """Returns when a transaction waits for another's lock, or after 20 seconds."""
    end_at = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < end_at:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
