"""Actions that happen at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from officeflow.errors import Conflict


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Runs actions on connections of their own at the same time.

    Returns "" or the conflict's message for each, in order; any other error is raised.
    """
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            connections["default"].ensure_connection()
            start.wait(timeout=20)
            act()
            return ""
        except Conflict as conflict:
            return str(conflict.message)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
