"""Sending nudges: a destination's workers are told to look. It carries nothing else.

When one is lost the sweeper finds the hand-off.
"""

from __future__ import annotations

from officeflow.broker import Breaker, Message, breaker, forget_connection, publish

__all__ = ["APPLY_TASK", "Breaker", "breaker", "forget_connection", "nudge"]

APPLY_TASK = "officeflow.handoff.apply_due"
# As many processes as may be woken at once for one destination; each goes on while work is left.
MOST_WAITING = 8


def nudge(*destinations: str) -> bool:
    """Wakes the workers of each destination, in one message; says whether it left. Never raises."""
    return publish(
        [Message(task=APPLY_TASK, args=(name,), queue=name) for name in destinations],
        most=MOST_WAITING,
    )
