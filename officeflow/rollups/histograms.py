"""Durations in bins, of which days can be added and percentiles read.

A bin has how many values lie in it and their sum, and stands for their average. Each is 5 per cent
wider than the one before: so a percentile is less than 5 per cent above or below the exact one, and
exact while the values of a bin are equal. What took less than a millisecond is one bin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import floor

WIDTH = 1.05
SMALLEST = 0.001  # seconds
# The largest difference from the exact percentile, in per cent, as pages say it.
TOLERANCE_PERCENT = 5

# By bin: how many values, and the sum of their seconds.
Histogram = dict[int, tuple[int, float]]


def bin_sql(seconds: str) -> str:
    """Returns SQL for the bin of an expression in seconds (double precision); null for null."""
    return (
        f"CASE WHEN {seconds} < {SMALLEST} THEN 0"
        f" ELSE ceil(ln({seconds} / {SMALLEST}::float8) / ln({WIDTH}::float8)) END::smallint"
    )


def histogram_of(bins: Sequence[int], sums: Sequence[Decimal]) -> Histogram:
    """Returns a histogram from its columns: `sums` has the counts of `bins`, then the seconds."""
    counts, seconds = sums[: len(bins)], sums[len(bins) :]
    return {
        place: (int(count), float(total))
        for place, count, total in zip(bins, counts, seconds, strict=True)
    }


# The columns of a histogram, from rows of `bin`, `n` and `seconds` with one slot and key.
HISTOGRAM_COLUMNS = """
    array_agg(n::numeric ORDER BY bin)
        || array_agg(round(seconds::numeric, 4) ORDER BY bin) AS sums,
    array_agg(bin ORDER BY bin) AS bins
"""


def merged(parts: Iterable[Histogram]) -> Histogram:
    """Returns the sum of histograms."""
    total: Histogram = {}
    for part in parts:
        for place, (count, seconds) in part.items():
            known = total.get(place)
            total[place] = (count + known[0], seconds + known[1]) if known else (count, seconds)
    return total


def percentiles(values: Histogram, shares: Iterable[float]) -> list[float | None]:
    """Returns for each share from 0 to 1 the seconds that it took no longer, None without values.

    Between two values it interpolates, as PostgreSQL's `percentile_cont`.
    """
    total = sum(count for count, _seconds in values.values())
    if not total:
        return [None for _share in shares]
    ordered = [values[place] for place in sorted(values)]

    def at(rank: int) -> float:
        reached = 0
        for count, seconds in ordered:
            reached += count
            if rank < reached:
                return seconds / count
        raise ValueError(rank)

    found: list[float | None] = []
    for share in shares:
        position = share * (total - 1)
        lower = floor(position)
        low = at(lower)
        high = at(min(lower + 1, total - 1))
        found.append(low + (high - low) * (position - lower))
    return found
