"""Metrics of hand-offs in Prometheus' format.

Each scrape reads them from PostgreSQL and the broker, so that every web process reports the same.
They are counts and ages by destination, without subjects or contracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import Error, connection, transaction
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from officeflow.handoff.equation import SINCE_CHECKPOINT
from officeflow.handoff.models import Destination
from officeflow.handoff.monitoring import heartbeat
from officeflow.handoff.monitoring.counters import PUBLISH_FAILURES, REPEATED_NOTIFICATIONS
from officeflow.handoff.notifier import queue_of

STATEMENT_TIMEOUT = "3s"

BY_DESTINATION = f"""
SELECT destination, coalesce(checkpoint.posted, 0) + coalesce(since_checkpoint.posted, 0),
       coalesce(checkpoint.applied, 0) + coalesce(since_checkpoint.applied, 0),
       coalesce(checkpoint.attempts, 0) + coalesce(since_checkpoint.attempts, 0),
       coalesce(waiting, 0), greatest(oldest, 0), coalesce(left_over, 0), coalesce(dead, 0),
       coalesce(discarded, 0)
FROM unnest(%s::text[]) AS known (destination)
LEFT JOIN handoff_balance_checkpoint checkpoint USING (destination)
LEFT JOIN ({SINCE_CHECKPOINT.format(groups="destination,")} GROUP BY destination) since_checkpoint
    USING (destination)
LEFT JOIN (
    SELECT destination, count(*) FILTER (WHERE state = 'waiting') AS waiting,
           extract(epoch FROM clock_timestamp() - min(posted_at) FILTER (WHERE state = 'waiting'))
               AS oldest,
           count(*) FILTER (WHERE state = 'waiting' AND left_at IS NOT NULL) AS left_over,
           count(*) FILTER (WHERE state = 'dead') AS dead,
           count(*) FILTER (WHERE state = 'discarded') AS discarded
    FROM handoff_handoff WHERE delivered_at IS NULL GROUP BY destination
) unfinished USING (destination)
"""  # noqa: S608 (nothing in it comes from outside)
COUNTERS = """
SELECT name, value, changed_at > clock_timestamp() - make_interval(secs => %s) FROM handoff_counter
"""


@dataclass(frozen=True)
class DestinationFigures:
    """One destination: numbers of hand-offs, and the age of the oldest waiting one in seconds."""

    destination: str
    posted: float
    applied: float
    attempts: float
    waiting: float
    oldest: float
    left: float
    dead: float
    discarded: float

    @property
    def missing(self) -> float:
        """By how many the two sides of the equation differ; 0 when nothing is lost."""
        return self.posted - self.applied - self.waiting - self.dead - self.discarded


@dataclass(frozen=True, kw_only=True)
class DatabaseFigures:
    """The figures that PostgreSQL holds."""

    destinations: list[DestinationFigures]
    counters: dict[str, int]
    is_publishing_paused: bool
    sweeper_age: float | None


def read_database() -> DatabaseFigures:
    """Returns the figures at this moment. Raises `django.db.Error` without PostgreSQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])
        cursor.execute(BY_DESTINATION, [Destination.values])
        destinations = [
            DestinationFigures(row[0], *map(float, row[1:])) for row in cursor.fetchall()
        ]
        cursor.execute(COUNTERS, [settings.HANDOFF_BREAKER_SECONDS])
        counters = cursor.fetchall()
        sweeper_age = heartbeat.sweeper_age_seconds()
    return DatabaseFigures(
        destinations=destinations,
        counters={name: value for name, value, _is_recent in counters},
        is_publishing_paused=any(
            is_recent for name, _value, is_recent in counters if name == PUBLISH_FAILURES
        ),
        sweeper_age=sweeper_age,
    )


class HandoffCollector(Collector):
    """Reads all figures at each scrape."""

    def collect(self) -> Iterator[Metric]:
        """Yields the metrics; when PostgreSQL or the broker is away, those of the other."""
        try:
            figures = read_database()
        except Error:
            connection.close()
            figures = None
        yield _gauge("database_up", "Whether PostgreSQL answered.", figures is not None)
        if figures is not None:
            yield from _destination_metrics(figures)
            yield from _process_metrics(figures)
        yield from _broker_metrics()


def collector_registry() -> CollectorRegistry:
    """Returns a registry with the hand-offs' collector alone."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(HandoffCollector())
    return registry


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"officeflow_{name}", help_text, value=float(value))


# Field of `DestinationFigures` → (name of the metric, its help text).
COUNTERS_BY_DESTINATION = {
    "posted": ("handoff_posted", "Hand-offs posted since the office was set up."),
    "applied": ("handoff_applied", "Hand-offs applied, each with its receipt."),
    "attempts": ("handoff_attempts", "Attempts at applying a hand-off."),
}
GAUGES_BY_DESTINATION = {
    "waiting": ("handoff_waiting", "Hand-offs that are posted and neither applied nor dead."),
    "oldest": (
        "handoff_oldest_waiting_seconds",
        "Seconds since the oldest waiting hand-off was posted; 0 when none waits.",
    ),
    "left": ("handoff_left", "Waiting hand-offs that no worker of this version can read."),
    "dead": ("handoff_dead", "Dead hand-offs."),
    "discarded": ("handoff_discarded", "Hand-offs that an operator discarded."),
    "missing": (
        "handoff_missing",
        "Difference between posted and applied + waiting + dead + discarded.",
    ),
}


def _destination_metrics(figures: DatabaseFigures) -> Iterator[Metric]:
    for metric_class, metrics in (
        (CounterMetricFamily, COUNTERS_BY_DESTINATION),
        (GaugeMetricFamily, GAUGES_BY_DESTINATION),
    ):
        for field, (name, help_text) in metrics.items():
            family = metric_class(f"officeflow_{name}", help_text, labels=["destination"])
            for each in figures.destinations:
                family.add_metric([each.destination], getattr(each, field))
            yield family
    repeated = CounterMetricFamily(
        "officeflow_notifications_again",
        "Notifications the sweeper sent for hand-offs whose first one did not get them applied.",
        labels=["destination"],
    )
    for each in figures.destinations:
        count = figures.counters.get(REPEATED_NOTIFICATIONS + each.destination, 0)
        repeated.add_metric([each.destination], count)
    yield repeated


def _process_metrics(figures: DatabaseFigures) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "officeflow_publish_failures",
        "Messages that could not be sent to the broker, by any process.",
        value=figures.counters.get(PUBLISH_FAILURES, 0),
    )
    yield _gauge(
        "publish_breaker_open",
        "Whether some process has paused sending to the broker after a failure.",
        figures.is_publishing_paused,
    )
    yield _gauge(
        "sweeper_heartbeat_age_seconds",
        "Seconds since the last heartbeat of a sweeper; infinite when there was none.",
        float("inf") if figures.sweeper_age is None else figures.sweeper_age,
    )


def _broker_metrics() -> Iterator[Metric]:
    queues = Destination.values
    try:
        with heartbeat.broker_client().pipeline(transaction=False) as pipe:
            for queue in queues:
                pipe.llen(queue_of(queue))
            lengths = pipe.execute()
        silent = heartbeat.queues_without_worker(queues)
    except redis.RedisError:
        yield _gauge("broker_up", "Whether the broker answered.", False)
        return
    yield _gauge("broker_up", "Whether the broker answered.", True)
    length = GaugeMetricFamily(
        "officeflow_queue_length", "Notifications waiting in a queue.", labels=["queue"]
    )
    up = GaugeMetricFamily(
        "officeflow_worker_up",
        "Whether a worker of the queue sent a heartbeat lately.",
        labels=["queue"],
    )
    for queue, number in zip(queues, lengths, strict=True):
        length.add_metric([queue], number)
        up.add_metric([queue], float(queue not in silent))
    yield from (length, up)
