"""The marks of a scale: round numbers, durations and percentages."""

from __future__ import annotations

import math

from officeflow.money import places

MAX_STEPS = 5
MIN_SPAN = 1e-6  # a smaller span is drawn as a span of 1
MINUTE, HOUR, DAY = 60, 3600, 86400
DURATIONS = (
    *(base * ten for ten in (0.001, 0.01, 0.1, 1) for base in (1, 2, 5)),
    *(10, 15, 30),
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
)
SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


def marks(low: float, high: float, measure: str, currency: str = "") -> list[float]:
    """Returns the marks of a scale from `low` to `high` that includes zero.

    It has about `MAX_STEPS` steps. Marks of counts are whole numbers, marks of money are multiples
    of its currency's smallest unit, and marks of shares at most 1 unless a value is greater.
    """
    low, high = min(0.0, low), max(0.0, high)
    span = high - low if high - low > MIN_SPAN else 1.0
    step = _step(span, measure, currency)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        last += 1
    found = [round(number * step, 9) for number in range(first, last + 1)]
    if measure == "share" and high <= 1:
        found = [mark for mark in found if mark <= 1]
    return found


def _step(span: float, measure: str, currency: str) -> float:
    wanted = span / MAX_STEPS
    if measure in ("duration", "opening time"):
        for step in DURATIONS:
            if step >= wanted:
                return float(step)
    elif measure == "share":
        for step in SHARES:
            if step >= wanted:
                return step
    size = 10.0 ** math.floor(math.log10(wanted))
    step = next(base * size for base in (1, 2, 2.5, 5, 10) if base * size >= wanted * (1 - 1e-9))
    if measure not in ("count", "money"):
        return step
    units = 10 ** places(currency) if measure == "money" else 1
    return max(1, math.ceil(step * units - 1e-9)) / units
