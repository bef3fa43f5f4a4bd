"""Reading figures: from the buckets that count, and from the rows for all other time.

One statement chooses the buckets, reads them and sums the rows of the time that they leave, so that
figures equal the rows at every moment, whatever the sweeper has done so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection

from officeflow.company.models import Office
from officeflow.rollups.definitions import Rollup, Sql
from officeflow.rollups.histograms import Histogram, histogram_of

# Before and after every time that a row can have.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
END = datetime(2300, 1, 1, tzinfo=UTC)

EVERY: Sql = ("true", [])
Key = tuple[str, ...]
# A bucket is passed over when something in it changed since it was made.
COUNTS = """version = %s AND NOT EXISTS (
    SELECT FROM rollups_mark mark WHERE mark.rollup = bucket.rollup
    AND mark.at >= bucket.starts_at AND mark.at < bucket.ends_at)"""
# Days first, then hours in the time that they leave, then the pieces that no bucket covers.
PIECES = f"""
WITH span AS (
    SELECT place - 1 AS slot, starts, ends
    FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY given(starts, ends, place)
), by_day AS MATERIALIZED (
    SELECT slot, bucket.id, tstzrange(starts_at, ends_at) AS during
    FROM span JOIN rollups_bucket bucket ON rollup = %s AND is_day
        AND starts_at >= starts AND starts_at < ends AND ends_at <= ends
    WHERE {COUNTS}
), rest AS MATERIALIZED (
    SELECT slot, tstzmultirange(tstzrange(starts, ends))
        - coalesce((SELECT range_agg(during) FROM by_day WHERE by_day.slot = span.slot), '{{}}')
        AS during FROM span
), by_hour AS MATERIALIZED (
    SELECT slot, bucket.id, tstzrange(starts_at, ends_at) AS during
    FROM (SELECT slot, unnest(during) AS gap FROM rest) gaps
    JOIN rollups_bucket bucket ON rollup = %s AND NOT is_day
        AND starts_at >= lower(gap) AND starts_at < upper(gap) AND ends_at <= upper(gap)
    WHERE {COUNTS}
), chosen AS MATERIALIZED (
    SELECT slot, id FROM by_day UNION ALL SELECT slot, id FROM by_hour
), piece AS MATERIALIZED (
    SELECT slot, lower(gap) AS since, upper(gap) AS until FROM (
        SELECT slot, unnest(during - coalesce(
            (SELECT range_agg(during) FROM by_hour WHERE by_hour.slot = rest.slot), '{{}}'
        )) AS gap FROM rest
    ) gaps
)
"""  # noqa: S608 (nothing in it comes from outside)


@dataclass(frozen=True)
class Figures:
    """The figures of each span (from 0) and key, by family."""

    sums: dict[str, dict[tuple[int, Key], list[Decimal]]]
    # To be merged.
    histograms: dict[str, dict[tuple[int, Key], list[Histogram]]]

    def of(self, family: str) -> dict[tuple[int, Key], list[Decimal]]:
        """Returns the sums of a family, none for keys without rows."""
        return self.sums.get(family, {})


def read(
    rollup: Rollup,
    office: Office,
    bounds: Sequence[datetime],
    where: Sql = EVERY,
    *,
    whole: Sequence[str] = (),
) -> Figures:
    """Returns the figures of the spans between the bounds, in one statement.

    `where` is a condition on `family` and `key`. Families named in `whole` are summed over all
    spans, as span 0. Spans and keys without rows are left out.
    """
    condition, values = where
    version = rollup.version_of(office)
    from_rows, row_parameters = rollup.select(office, bounds[0])
    statement = f"""
        {PIECES}, read AS (
            SELECT slot, family, key, sums, bins
            FROM chosen JOIN rollups_figure ON bucket_id = chosen.id WHERE {condition}
            UNION ALL
            SELECT slot, family, key, sums, bins FROM ({from_rows}) from_rows WHERE {condition}
        ), part AS MATERIALIZED (
            SELECT CASE WHEN family = ANY(%s::text[]) THEN 0 ELSE slot END AS slot,
                   family, key, sums, bins
            FROM read
        )
        SELECT *, NULL FROM ({added_sql(rollup.width, "part")}) added
        UNION ALL SELECT slot, family, key, sums, bins FROM part WHERE bins IS NOT NULL
    """  # noqa: S608 (SQL of our own)
    found = Figures({}, {})
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                *(list(bounds[:-1]), list(bounds[1:])),
                *(rollup.name, version, rollup.name, version),
                *(*values, *row_parameters, *values, list(whole)),
            ],
        )
        for slot, family, key, sums, bins in cursor.fetchall():
            place = slot, tuple(key)
            if bins is None:
                found.sums.setdefault(family, {})[place] = sums
            else:
                parts = found.histograms.setdefault(family, {})
                parts.setdefault(place, []).append(histogram_of(bins, sums))
    return found


def added_sql(width: int, parts: str) -> str:
    """Returns SQL that adds the sums of `parts`, which are no histograms."""
    sums = ", ".join(f"sum(sums[{place}])" for place in range(1, width + 1))
    return f"""
        SELECT slot, family, key, array_remove(ARRAY[{sums}], NULL) AS sums FROM {parts}
        WHERE bins IS NULL GROUP BY slot, family, key
    """  # noqa: S608 (SQL of our own)
