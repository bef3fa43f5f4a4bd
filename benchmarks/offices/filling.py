"""Opens an office to be filled: its tables, people and products, and the pattern of its orders."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg2

from benchmarks.offices.running import RunningOffice

if TYPE_CHECKING:
    from benchmarks.offices.growth import Growth


def prepare(office: RunningOffice) -> None:
    """Migrates the database, collects the static files and sets Django up in this process."""
    import django

    with ThreadPoolExecutor(2) as pool:
        commands = [("migrate", "-v", "0"), ("collectstatic", "--noinput", "-v", "0")]
        list(pool.map(lambda command: office.manage(*command), commands))
    django.setup()
    logging.disable(logging.WARNING)  # each role that is granted is logged


def found_and_fill(office: RunningOffice) -> Growth:
    """Founds the office and writes the pattern; returns the `Growth` that makes it larger."""
    from django.utils import timezone

    from benchmarks.offices import pattern
    from benchmarks.offices.growth import Baseline, Growth
    from officeflow.handoff.maintenance import balance_checkpoint

    now = timezone.now()
    with pattern.session_clock(now - timedelta(days=pattern.DAYS + 2)):
        staff = pattern.found_office()
    baseline = Baseline.now()
    pattern.write_pattern(staff, now)
    balance_checkpoint.extend_all()
    forget_messages(office)
    return Growth(baseline, lambda: psycopg2.connect(office.postgres.superuser_url))


def forget_messages(office: RunningOffice) -> None:
    """Empties the broker: what was posted while no worker ran has been applied."""
    import redis

    path = office.valkey.url.removeprefix("redis+socket://").partition("?")[0]
    with redis.Redis(unix_socket_path=path) as broker:
        broker.flushall()
