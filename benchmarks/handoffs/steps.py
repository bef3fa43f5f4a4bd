"""Times the steps of a hand-off from the desk's commit to the effect's.

Every process records the start and end of its steps by the machine's monotonic clock. Hand-offs are
sent one by one at a steady rate, so that the steps within a hand-off's time belong to it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The step of each SQL statement, by its function.
STATEMENTS = (
    ("post", "handoff_post_v2("),
    ("find", "handoff_find_v2("),
    ("claim", "handoff_claim_v1("),
    ("receive", "handoff_receive_v1("),
    ("finish", "handoff_finish_v1("),
)

# The steps in their order.
IN_ORDER = (
    "post",
    "publish",
    "broker",
    "find",
    "claim",
    "receive",
    "consumer",
    "finish",
    "commit",
    "other",
)


class Steps:
    """Records the steps of this process in the file that `BENCH_STEPS` names."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, name: str, began: float) -> None:
        """Records a step from `began` until now."""
        os.write(self.file, f"{name} {began:.6f} {time.monotonic():.6f}\n".encode())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Records the time inside the context."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.note(name, began)

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Records each call of a function."""
        real: Callable[..., Any] = getattr(owner, attribute)

        def noted(*args: Any, **kwargs: Any) -> Any:
            with self.step(name):
                return real(*args, **kwargs)

        setattr(owner, attribute, noted)

    def of_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """A Django execute wrapper that records the statements of hand-offs."""
        name = next((name for name, words in STATEMENTS if words in sql), "")
        if not name:
            return execute(sql, params, many, context)
        with self.step(name):
            return execute(sql, params, many, context)


def install() -> None:
    """Records this process's steps from now on when `BENCH_STEPS` is set."""
    if "BENCH_STEPS" not in os.environ:
        return
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    from officeflow.handoff import notifier
    from officeflow.handoff.applying import apply

    steps = Steps(Path(os.environ["BENCH_STEPS"]))

    apply_due = apply.apply_due

    def taken(*args: Any, **kwargs: Any) -> int:
        steps.note("taken", time.monotonic())
        return apply_due(*args, **kwargs)

    def opened(connection: Any, **_: Any) -> None:
        if steps.of_statement not in connection.execute_wrappers:
            connection.execute_wrappers.append(steps.of_statement)

    apply.apply_due = taken
    connection_created.connect(opened, weak=False)
    if connection.connection is not None:  # the desk's connection is open already
        opened(connection)
    steps.wrap(notifier, "notify", "publish")
    steps.wrap(apply, "consume", "consumer")
    steps.wrap(BaseDatabaseWrapper, "commit", "commit")


def profile(path: Path, committed: dict[str, float], effects: dict[str, float]) -> dict[str, float]:
    """Returns the median milliseconds of each step from the desk's commit to the effect's.

    `post` is before the desk's commit, in its transaction. `publish` ends when a worker begins,
    which can be before the broker's answer to the desk. The rest of the time is `other`.
    """
    noted = [line.split() for line in path.read_text().splitlines()]
    steps = sorted((float(began), float(ended), name) for name, began, ended in noted)
    found: dict[str, list[float]] = {}
    for reference, at in effects.items():
        start = committed[reference]
        posts = [step for step in steps if step[2] == "post" and step[1] <= start]
        own = [step for step in steps if step[0] >= start and step[1] <= at + 0.0002]
        spent = {name: ended - began for began, ended, name in [*posts[-1:], *own]}
        sent, left = next((step[:2] for step in own if step[2] == "publish"), (start, start))
        taken = next((began for began, _ended, name in own if name == "taken"), left)
        spent["publish"] = min(left, taken) - sent
        spent["broker"] = max(0.0, taken - left)
        spent.pop("taken", None)
        spent["other"] = (
            at - start - sum(seconds for name, seconds in spent.items() if name != "post")
        )
        for name, seconds in spent.items():
            found.setdefault(name, []).append(seconds)
    usual = [name for name in IN_ORDER if len(found.get(name, [])) > len(effects) / 2]
    return {name: statistics.median(found[name]) * 1000 for name in usual}
