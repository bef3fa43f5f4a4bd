"""Compares the roll-ups with the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from officeflow.company.queries import find_office
from officeflow.rollups.definitions import rollups
from officeflow.rollups.models import Bucket


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A bucket of which a family of figures differs from its rows."""

    rollup: str
    family: str
    starts_at: datetime
    ends_at: datetime


DIFFERENT = """
WITH piece AS MATERIALIZED (
    SELECT id AS slot, starts_at AS since, ends_at AS until FROM rollups_bucket bucket
    WHERE id = ANY(%s) AND NOT EXISTS (
        SELECT FROM rollups_mark mark WHERE mark.rollup = bucket.rollup
        AND mark.at >= bucket.starts_at AND mark.at < bucket.ends_at)
), kept AS MATERIALIZED (
    SELECT slot, family, key, sums, bins FROM piece JOIN rollups_figure ON bucket_id = slot
), counted AS MATERIALIZED (SELECT slot, family, key, sums, bins FROM ({select}) made)
SELECT DISTINCT family, since, until FROM piece JOIN (
    (TABLE kept EXCEPT TABLE counted) UNION ALL (TABLE counted EXCEPT TABLE kept)
) different USING (slot) ORDER BY since, until, family
"""
AT_ONCE = 200


def differences() -> Iterator[Difference]:
    """Yields each hour and day whose figures are not those of its rows, as of one moment each."""
    office = find_office()
    if office is None:
        return
    for rollup in rollups():
        known = Bucket.objects.filter(rollup=rollup.name, version=rollup.version_of(office))
        buckets = list(known.order_by("starts_at", "pk").values_list("pk", "starts_at"))
        for place in range(0, len(buckets), AT_ONCE):
            some = buckets[place : place + AT_ONCE]
            # Not the beginning of a time in which nothing happened.
            since = some[min(1, len(some) - 1)][1]
            select, parameters = rollup.select(office, since)
            with connection.cursor() as cursor:
                cursor.execute(
                    DIFFERENT.format(select=select), [[pk for pk, _start in some], *parameters]
                )
                for family, start, end in cursor.fetchall():
                    yield Difference(
                        rollup=rollup.name, family=family, starts_at=start, ends_at=end
                    )
