"""An office that works on past days, and figures from the roll-ups and from the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from officeflow.company.queries import day_bounds, get_office, office_date
from officeflow.rollups.definitions import Rollup, rollups
from officeflow.rollups.histograms import merged
from officeflow.rollups.reading import BEGINNING, END, Figures, read


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Moves the clocks of Python and of the hand-offs; PostgreSQL's own goes on."""
    with time_machine.travel(moment), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('officeflow.moved_clock', %s, false)", [str(moment)])
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('officeflow.moved_clock', '', false)")


@pytest.fixture
def at() -> Callable[[datetime], Any]:
    return clock_at


def plain(figures: Figures) -> dict[str, Any]:
    """The figures in a form that can be compared: histograms merged, seconds rounded."""
    binned = {
        (family, *place): {
            each: (count, round(seconds, 2)) for each, (count, seconds) in merged(parts).items()
        }
        for family, places in figures.histograms.items()
        for place, parts in places.items()
    }
    return {"sums": {k: v for k, v in figures.sums.items() if v}, "histograms": binned}


def read_both(rollup: Rollup) -> Iterator[tuple[Any, Any]]:
    """Yields the figures of several ranges, each as the pages read it and from the rows alone."""
    office = get_office()
    from_rows = replace(rollup, version=lambda _office: "no bucket has this")
    today = office_date(timezone.now(), office)
    days = [day_bounds(today - timedelta(days=n), office)[0] for n in range(40, -2, -1)]
    hours = [days[-2] + timedelta(hours=n) for n in range(24)]
    for bounds in (days, hours, [days[5], days[20], days[-1]], [BEGINNING, END]):
        yield tuple(plain(read(each, office, bounds)) for each in (rollup, from_rows))  # type: ignore[misc]


@pytest.fixture
def assert_equal_to_rows() -> Callable[[], None]:
    def check() -> None:
        for rollup in rollups():
            for kept, counted in read_both(rollup):
                assert kept == counted, rollup.name

    return check
