"""Records whose related rows are known without a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model


def remember_related(record: Model, name: str, rows: Sequence[Model]) -> None:
    """Makes `record.<name>.all()` return these rows, as after `prefetch_related`.

    For rows that were just written. `refresh_from_db` forgets them.
    """
    known: Any = getattr(record, name).all()
    known._result_cache = list(rows)
    prefetched: dict[str, Any] = record.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[name] = known
