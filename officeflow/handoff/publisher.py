"""Sending nudges: a destination's workers are told to look. It carries nothing else.

When one is lost the sweeper finds the hand-off.
"""

from __future__ import annotations

from officeflow.broker import Breaker, breaker, forget_connection, publish

__all__ = ["APPLY_TASK", "Breaker", "breaker", "forget_connection", "nudge"]

APPLY_TASK = "officeflow.handoff.apply_due"


def nudge(destination: str) -> bool:
    """Wakes a destination's workers; says whether the nudge was sent. Never raises."""
    return publish(APPLY_TASK, [destination], destination)
