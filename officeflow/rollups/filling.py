"""Keeps the roll-ups: the sweeper's job, piece by piece, each in a transaction of its own.

A piece makes the buckets of some hours, or of one day, from the rows. First the marked ones, then
the hours that have just ended, then the past, day by day backwards: so a new roll-up fills itself.
A piece that is killed leaves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from officeflow.company.models import Office
from officeflow.company.queries import day_bounds, find_office, office_date
from officeflow.rollups.definitions import Rollup, rollups
from officeflow.rollups.histograms import HISTOGRAM_COLUMNS
from officeflow.rollups.marking import SETTLED
from officeflow.rollups.models import Bucket, Figure
from officeflow.rollups.reading import BEGINNING, added_sql

# How long one run of the job may last, with whole pieces.
RUN_SECONDS = 0.3
# At most so many marks or outdated buckets in one piece.
MOST_AT_ONCE = 500
LOCK = 0x0411
HOUR = timedelta(hours=1)

Span = tuple[datetime, datetime]

# What happened before this moment is in rows that every later transaction sees, or marks: see
# `marking.SETTLED`. A transaction that has not written yet has no backend_xid.
HORIZON = f"""
SELECT least(clock_timestamp(), min(xact_start)) - {SETTLED} FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""  # noqa: S608 (our own constant)


def run() -> int:
    """The periodic job: makes buckets for `RUN_SECONDS` and returns how many."""
    office = find_office()
    if office is None:
        return 0
    end = time.monotonic() + RUN_SECONDS
    made = 0
    for rollup in rollups():
        while time.monotonic() < end:
            more = make_piece(rollup, office)
            if not more:
                break
            made += more
    return made


def fill() -> int:
    """Makes buckets until every one is made, and returns how many: for a command and tests."""
    office = find_office()
    made = 0
    if office is not None:
        for rollup in rollups():
            while more := make_piece(rollup, office):
                made += more
    return made


@transaction.atomic
def forget() -> None:
    """Deletes all buckets, so that pages read the rows until they are made anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
        cursor.execute("DELETE FROM rollups_figure")
        cursor.execute("DELETE FROM rollups_bucket")


@transaction.atomic
def make_piece(rollup: Rollup, office: Office) -> int:
    """Makes or deletes some buckets; returns how many, 0 when there is nothing to do.

    Of several sweepers at once one works.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, 0)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK, rollup.name])
        if not cursor.fetchone()[0]:
            return 0
        piece = _Piece(rollup, office, cursor)
        return (
            piece.delete_outdated()
            or piece.make_marked()
            or piece.make_recent()
            or piece.make_earlier()
        )


@dataclass
class _Piece:
    """The steps of one transaction."""

    rollup: Rollup
    office: Office
    cursor: Any

    def delete_outdated(self) -> int:
        """Deletes buckets of another version: days first, and the last hours before the others.

        So no day stays whose hours are gone, also when the version comes back meanwhile.
        """
        found = Bucket.objects.filter(rollup=self.rollup.name).exclude(version=self.version)
        ordered = found.order_by("-is_day", "-starts_at").values_list("pk", flat=True)
        return self._delete(list(ordered[:MOST_AT_ONCE]))

    def make_marked(self) -> int:
        """Makes the marked buckets anew. Marks go first: what is marked meanwhile is made again."""
        self.cursor.execute(
            """
            DELETE FROM rollups_mark WHERE id IN (
                SELECT id FROM rollups_mark
                WHERE rollup = %(name)s AND at > (
                    SELECT max(at) - interval '1 day' FROM rollups_mark WHERE rollup = %(name)s
                ) ORDER BY at DESC LIMIT %(most)s
            ) RETURNING at
            """,
            {"name": self.rollup.name, "most": MOST_AT_ONCE},
        )
        marks = [at for (at,) in self.cursor.fetchall()]
        if not marks:
            return 0
        self.cursor.execute(
            "SELECT DISTINCT id, is_day, starts_at, ends_at FROM rollups_bucket"
            " JOIN unnest(%s::timestamptz[]) mark(at) ON at >= starts_at AND at < ends_at"
            " WHERE rollup = %s",
            [marks, self.rollup.name],
        )
        marked = self.cursor.fetchall()
        hours = [(start, end) for _pk, is_day, start, end in marked if not is_day]
        self._make_hours(hours)
        for pk, is_day, start, end in marked:
            if is_day and any(start <= hour < end for hour, _end in hours):
                self._make_day(start, end)
            elif is_day:
                # Nothing had happened in it, so it has no hours: it is made as an earlier day.
                self._delete([pk])
        return len(marks)

    def make_recent(self) -> int:
        """Makes the hours that ended since the last run, up to the end of their day."""
        self.cursor.execute(HORIZON)
        horizon = self.cursor.fetchone()[0]
        last = Bucket.objects.filter(rollup=self.rollup.name).order_by("-ends_at").first()
        if last is None:
            begin = self._day_of(horizon)[0]
        else:
            begin = last.ends_at
        day = self._day_of(begin)
        hours = [(start, end) for start, end in _hours(day) if start >= begin and end <= horizon]
        self._make_hours(hours)
        if hours and hours[-1][1] == day[1]:
            self._make_day(*day)
        return len(hours)

    def make_earlier(self) -> int:
        """Makes the last day that is missing before those that are made."""
        begin = self._begin_of_made()
        if begin is None or begin <= BEGINNING:
            return 0
        before = Bucket.objects.filter(rollup=self.rollup.name, is_day=True, ends_at__lte=begin)
        floor = before.order_by("-ends_at").values_list("ends_at", flat=True).first() or BEGINNING
        self.cursor.execute(
            f"SELECT max({self.rollup.column}) FROM {self.rollup.table}"  # noqa: S608
            f" WHERE {self.rollup.column} < %s AND {self.rollup.column} >= %s",
            [begin, floor],
        )
        last = self.cursor.fetchone()[0]
        day = self._day_of(last) if last else (floor, floor)
        if day[1] < begin:
            # Nothing happened from then on.
            self._buckets(is_day=True, spans=[(day[1], begin)])
        else:
            self._make_hours(list(_hours((day[0], begin))))
            self._make_day(day[0], begin)
        return 1

    @property
    def version(self) -> str:
        """What buckets must have now."""
        return self.rollup.version_of(self.office)

    def _begin_of_made(self) -> datetime | None:
        """Returns the last moment from which buckets are made without a day before it."""
        self.cursor.execute(
            """
            SELECT max(starts_at) FROM (
                SELECT starts_at FROM rollups_bucket WHERE rollup = %(name)s AND is_day
                UNION ALL SELECT %(day)s::timestamptz
            ) made WHERE NOT EXISTS (
                SELECT FROM rollups_bucket day
                WHERE rollup = %(name)s AND is_day AND day.ends_at = made.starts_at
            )
            """,
            {"name": self.rollup.name, "day": self._first_of_last_day()},
        )
        found: datetime | None = self.cursor.fetchone()[0]
        return found

    def _first_of_last_day(self) -> datetime | None:
        newest = Bucket.objects.filter(rollup=self.rollup.name).order_by("-starts_at").first()
        if newest is None:
            self.cursor.execute("SELECT clock_timestamp()")
            return self._day_of(self.cursor.fetchone()[0])[0]
        return newest.starts_at if newest.is_day else self._day_of(newest.starts_at)[0]

    def _day_of(self, moment: datetime) -> Span:
        return day_bounds(office_date(moment, self.office), self.office)

    def _buckets(self, *, is_day: bool, spans: Sequence[Span]) -> list[int]:
        """Returns the ids of empty buckets for the spans, new ones or those that were there."""
        self.cursor.execute(
            """
            INSERT INTO rollups_bucket (rollup, version, is_day, starts_at, ends_at)
            SELECT %s, %s, %s, starts, ends
            FROM unnest(%s::timestamptz[], %s::timestamptz[]) span(starts, ends)
            ON CONFLICT (rollup, is_day, starts_at)
                DO UPDATE SET ends_at = EXCLUDED.ends_at, version = EXCLUDED.version
            RETURNING id
            """,
            [
                *(self.rollup.name, self.version, is_day),
                [start for start, _end in spans],
                [end for _start, end in spans],
            ],
        )
        made = [pk for (pk,) in self.cursor.fetchall()]
        self.cursor.execute("DELETE FROM rollups_figure WHERE bucket_id = ANY(%s)", [made])
        return made

    def _delete(self, buckets: Sequence[int]) -> int:
        if buckets:
            Figure.objects.filter(bucket__in=buckets).delete()
            Bucket.objects.filter(pk__in=buckets).delete()
        return len(buckets)

    def _make_hours(self, hours: Sequence[Span]) -> None:
        if not hours:
            return
        made = self._buckets(is_day=False, spans=hours)
        select, parameters = self.rollup.select(self.office, min(start for start, _end in hours))
        self.cursor.execute(
            f"""
            WITH piece AS MATERIALIZED (
                SELECT id AS slot, starts_at AS since, ends_at AS until
                FROM rollups_bucket WHERE id = ANY(%s)
            )
            INSERT INTO rollups_figure (bucket_id, family, key, sums, bins)
            SELECT slot, family, key, sums, bins FROM ({select}) made
            """,  # noqa: S608 (SQL of our own)
            [made, *parameters],
        )

    def _make_day(self, start: datetime, end: datetime) -> None:
        """Adds the hours of a day."""
        (bucket,) = self._buckets(is_day=True, spans=[(start, end)])
        self.cursor.execute(
            f"""
            WITH part AS MATERIALIZED (
                SELECT %s::bigint AS slot, family, key, sums, bins
                FROM rollups_figure JOIN rollups_bucket hour ON hour.id = bucket_id
                WHERE rollup = %s AND NOT is_day AND starts_at >= %s AND starts_at < %s
            )
            INSERT INTO rollups_figure (bucket_id, family, key, sums, bins)
            SELECT *, NULL FROM ({added_sql(self.rollup.width, "part")}) added
            UNION ALL
            SELECT slot, family, key, {HISTOGRAM_COLUMNS} FROM (
                SELECT slot, family, key, bin, sum(n) AS n, sum(seconds) AS seconds
                FROM part CROSS JOIN LATERAL unnest(
                    bins, sums[:cardinality(bins)], sums[cardinality(bins) + 1:]
                ) AS each(bin, n, seconds)
                WHERE bins IS NOT NULL GROUP BY slot, family, key, bin
            ) binned GROUP BY slot, family, key
            """,  # noqa: S608 (SQL of our own)
            [bucket, self.rollup.name, start, end],
        )


def _hours(day: Span) -> Iterator[Span]:
    """Yields the hours of a day; the last is shorter when the clock moves by half an hour."""
    start, end = (each.astimezone(UTC) for each in day)
    while start < end:
        yield start, min(start + HOUR, end)
        start += HOUR
