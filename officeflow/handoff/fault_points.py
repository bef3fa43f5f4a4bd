"""Named points at which a fault test kills a process. In production they do nothing.

`HANDOFF_FAULTS` is read only outside production: `before_commit=kill:FILE` kills the process
with SIGKILL when the point is reached and FILE can be taken (removed), so that each file fires
once and the test sees that it did.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings


def _parse(text: str) -> Mapping[str, Path]:
    faults = {}
    for part in filter(None, text.split(",")):
        point, _, action = part.partition("=")
        kind, _, file = action.partition(":")
        if kind != "kill" or not file:
            raise ValueError(f"HANDOFF_FAULTS: {part!r} is not point=kill:FILE")
        faults[point] = Path(file)
    return faults


_faults = {} if settings.PRODUCTION else _parse(os.environ.get("HANDOFF_FAULTS", ""))


def may_fire() -> bool:
    """Returns whether any fault is set up in this process; never in production."""
    return bool(_faults)


def reach(point: str, handoff_id: int = 0) -> None:
    """Kills the process when a fault is set up for the point; `handoff_id` is 0 when it has none.

    At the desk: `posted` (before the commit), `before_publish`, `after_publish` (before the
    answer). At a worker or a sweeper's child: `after_claim`, `before_commit`, `after_commit`.
    """
    if not _faults:
        return
    file = _faults.get(point)
    if file is None:
        return
    try:
        file.rename(file.with_suffix(f".fired-{handoff_id}-{os.getpid()}"))
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
