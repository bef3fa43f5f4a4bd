"""Heartbeats: workers write theirs to Redis, for each queue; the sweeper to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.broker_address import client_of

WORKER_FRESH_SECONDS = 8
SWEEPER_FRESH_SECONDS = 10
KEY = "officeflow:worker:{queue}"

log = structlog.get_logger(__name__)


@cache
def broker_client() -> redis.Redis:
    """Returns a plain client of the broker with short time limits."""
    # Without redis-py's retries, which take seconds while the broker hangs.
    return client_of(
        settings.REDIS_URL,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )


def beat_worker(queues: Iterable[str]) -> None:
    """Writes that a worker consumes these queues; expires after `WORKER_FRESH_SECONDS`."""
    try:
        with broker_client().pipeline(transaction=False) as pipe:
            for queue in queues:
                pipe.set(KEY.format(queue=queue), "1", ex=WORKER_FRESH_SECONDS)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("heartbeat.failed", error=type(error).__name__)


def queues_without_worker(queues: Iterable[str]) -> list[str]:
    """Returns the queues without a heartbeat of a worker. Raises `redis.RedisError`."""
    names = list(queues)
    values = broker_client().mget([KEY.format(queue=name) for name in names])
    return [name for name, value in zip(names, values, strict=True) if value is None]


def beat_sweeper() -> None:
    """Writes the time of the sweeper's heartbeat, by PostgreSQL's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO handoff_heartbeat (name, beat_at) VALUES ('sweeper', clock_timestamp())
            ON CONFLICT (name) DO UPDATE SET beat_at = EXCLUDED.beat_at
            """
        )


def sweeper_age_seconds() -> float | None:
    """Returns the seconds since the sweeper's last heartbeat, or None when there was none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - beat_at) FROM handoff_heartbeat "
            "WHERE name = 'sweeper'"
        )
        row = cursor.fetchone()
    return float(row[0]) if row else None
