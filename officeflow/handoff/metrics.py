"""Metrics of hand-offs for a monitor, as Prometheus reads them.

All of them are read when they are asked for, from PostgreSQL and the broker, so that whichever web
process answers says the same. They are counts and ages by destination, as everybody with the
dashboards sees them: nothing of what a hand-off is about, of HR's no more than of others'.
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

from officeflow.handoff import heartbeat
from officeflow.handoff.counters import NOTIFIED_AGAIN, PUBLISH_FAILURES
from officeflow.handoff.models import Destination
from officeflow.handoff.notifier import queue_of
from officeflow.handoff.queries import SINCE_CHECKPOINT

PATIENCE = "3s"  # as long as a scrape may keep PostgreSQL busy

LINES = f"""
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
class Line:
    """One destination: numbers of hand-offs, and the age of the oldest that waits in seconds."""

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
        """By how many the nothing-lost equation is unbalanced; 0 when all is well."""
        return self.posted - self.applied - self.waiting - self.dead - self.discarded


@dataclass(frozen=True, kw_only=True)
class Held:
    """What PostgreSQL tells."""

    lines: list[Line]
    counters: dict[str, int]
    is_publishing_paused: bool
    sweeper_age: float | None


def read_database() -> Held:
    """What PostgreSQL tells at this moment. Raises `django.db.Error` when it does not answer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        cursor.execute(LINES, [Destination.values])
        lines = [Line(row[0], *map(float, row[1:])) for row in cursor.fetchall()]
        cursor.execute(COUNTERS, [settings.HANDOFF_BREAKER_SECONDS])
        counters = cursor.fetchall()
        sweeper_age = heartbeat.sweeper_age_seconds()
    return Held(
        lines=lines,
        counters={name: value for name, value, _lately in counters},
        is_publishing_paused=any(
            lately for name, _value, lately in counters if name == PUBLISH_FAILURES
        ),
        sweeper_age=sweeper_age,
    )


class HandoffCollector(Collector):
    """Reads everything anew each time it is asked."""

    def collect(self) -> Iterator[Metric]:
        """The figures; without PostgreSQL or the broker, those of the other."""
        try:
            held = read_database()
        except Error:
            connection.close()
            held = None
        yield _gauge("database_up", "Whether PostgreSQL answered.", held is not None)
        if held is not None:
            yield from _of_destinations(held)
            yield from _of_processes(held)
        yield from _of_broker()


def registry() -> CollectorRegistry:
    """What a scrape asks."""
    found = CollectorRegistry(auto_describe=False)
    found.register(HandoffCollector())
    return found


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"officeflow_{name}", what, value=float(value))


def _of_destinations(held: Held) -> Iterator[Metric]:
    counters = {
        "posted": "Hand-offs posted since the office was set up.",
        "applied": "Hand-offs applied, each with its receipt.",
        "attempts": "Attempts at applying a hand-off.",
    }
    gauges = {
        "waiting": "Hand-offs that are posted and neither applied nor dead.",
        "oldest": "Seconds since the oldest waiting hand-off was posted; 0 when none waits.",
        "left": "Waiting hand-offs that no worker of this version can read.",
        "dead": "Dead hand-offs.",
        "discarded": "Hand-offs that an operator discarded.",
        "missing": "Difference between posted and applied + waiting + dead + discarded.",
    }
    names = {"oldest": "officeflow_handoff_oldest_waiting_seconds"}
    for name, what in counters.items():
        family: CounterMetricFamily | GaugeMetricFamily = CounterMetricFamily(
            f"officeflow_handoff_{name}", what, labels=["destination"]
        )
        for line in held.lines:
            family.add_metric([line.destination], getattr(line, name))
        yield family
    for name, what in gauges.items():
        family = GaugeMetricFamily(
            names.get(name, f"officeflow_handoff_{name}"), what, labels=["destination"]
        )
        for line in held.lines:
            family.add_metric([line.destination], getattr(line, name))
        yield family
    again = CounterMetricFamily(
        "officeflow_notifications_again",
        "Notifications the sweeper sent for hand-offs whose first one did not get them applied.",
        labels=["destination"],
    )
    for line in held.lines:
        again.add_metric(
            [line.destination], held.counters.get(NOTIFIED_AGAIN + line.destination, 0)
        )
    yield again


def _of_processes(held: Held) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "officeflow_publish_failures",
        "Messages that could not be sent to the broker, by any process.",
        value=held.counters.get(PUBLISH_FAILURES, 0),
    )
    yield _gauge(
        "publish_breaker_open",
        "Whether some process has paused sending to the broker after a failure.",
        held.is_publishing_paused,
    )
    yield _gauge(
        "sweeper_heartbeat_age_seconds",
        "Seconds since the last heartbeat of a sweeper; infinite when there was none.",
        float("inf") if held.sweeper_age is None else held.sweeper_age,
    )


def _of_broker() -> Iterator[Metric]:
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
