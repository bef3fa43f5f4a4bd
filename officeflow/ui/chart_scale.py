"""Where a scale has its marks: round numbers, round durations, whole percentages."""

from __future__ import annotations

import math

MOST_MARKS = 5
LEAST = 1e-6  # what is nearer to zero is drawn as zero
MINUTE, HOUR, DAY = 60, 3600, 86400
DURATIONS = (
    *(base * ten for ten in (0.001, 0.01, 0.1, 1) for base in (1, 2, 5)),
    *(10, 15, 30),
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
)
SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)


def marks(low: float, high: float, measure: str) -> list[float]:
    """The marks of a scale that holds every value from `low` to `high`, and zero.

    At most `MOST_MARKS` steps; counts go in whole numbers and a share never beyond the whole.
    """
    low, high = min(0.0, low), max(0.0, high)
    span = high - low if high - low > LEAST else 1.0
    step = _step(span, measure)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        last += 1
    found = [round(number * step, 9) for number in range(first, last + 1)]
    if measure == "share" and high <= 1:
        found = [mark for mark in found if mark <= 1]
    return found


def _step(span: float, measure: str) -> float:
    wanted = span / MOST_MARKS
    if measure == "duration":
        for step in DURATIONS:
            if step >= wanted:
                return float(step)
    elif measure == "share":
        for step in SHARES:
            if step >= wanted:
                return step
    size = 10.0 ** math.floor(math.log10(wanted))
    step = next(base * size for base in (1, 2, 2.5, 5, 10) if base * size >= wanted * (1 - 1e-9))
    if measure == "count":
        return float(max(1, math.ceil(step - 1e-9)))
    return max(0.01, step) if measure == "money" else step
