"""A worker's process that has done its turn stays awake for a moment, and is rung directly.

A nudge through Celery wakes the worker, which hands it to a process: most of the time that a
hand-off takes. Where hand-offs come one after the other, the process that has just applied one
listens for the next itself. It says in Redis that it does, for all queues of its worker, and
whoever publishes rings it instead of sending a message (`officeflow.broker.PUSH`).

A ring that is lost is a nudge that is lost: the sweeper finds the hand-off.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.broker import AWAKE, BELL
from officeflow.broker_address import client_of

log = structlog.get_logger(__name__)

# How long it listens after the last work, and how often it looks whether a nudge went past it: to
# the worker, which has nobody to give it to while all its processes listen.
AWAKE_SECONDS = 1.0
LOOK_SECONDS = 0.25
# What is older than this was missed. What is younger is left to whoever was nudged: should it kill
# its worker, it must not go from one process to the next.
MISSED_SECONDS = 0.25

# That it is awake holds for so long, and is said again in time. Whoever is at something long, or
# has died, is not rung any more.
HOLDS_SECONDS = 0.6
SAY_AGAIN_SECONDS = 0.3
SAY = """
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, queue in ipairs(KEYS) do
    local key = ARGV[1] .. queue
    redis.call("ZREMRANGEBYSCORE", key, "-inf", string.format("(%.0f", now))
    redis.call("ZADD", key, string.format("%.0f", now + tonumber(ARGV[3])), ARGV[2])
    redis.call("PEXPIRE", key, 60000)
end
"""
LEAVE_WORD = ""  # the worker has something else for a process to do
# From now on nobody rings it; what has rung meanwhile is answered.
LEAVE = """
for _, queue in ipairs(KEYS) do
    redis.call("ZREM", ARGV[1] .. queue, ARGV[2])
end
local rung = redis.call("LRANGE", ARGV[3], 0, -1)
redis.call("DEL", ARGV[3])
return rung
"""

WAITING = """
SELECT name FROM unnest(%(names)s::text[]) AS name WHERE EXISTS (
    SELECT FROM handoff_handoff
    WHERE destination = name AND state = 'waiting' AND is_head
      AND (due_at <= office_clock()
           OR attempts = 0 AND posted_at <= office_clock() - make_interval(secs => %(missed)s))
)
"""


@cache
def _client() -> redis.Redis:
    """One for each process, made after the fork: nobody listens before it."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return client_of(
        settings.REDIS_URL,
        # While something is applied nothing is said here, and the broker may vanish.
        socket_keepalive=True,
        socket_keepalive_options=options["socket_keepalive_options"],
        socket_timeout=LOOK_SECONDS + 0.5,
        socket_connect_timeout=0.5,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
    )


def stay(queues: Sequence[str], until: float, apply: Callable[[str], object]) -> None:
    """Applies what it is rung for, or finds missed, until nothing has come for a moment.

    `until` is the moment (monotonic) after which it listens no more. A broker that is sick ends
    it. What `apply` raises is the caller's.
    """
    try:
        with closing(Waking(queues).heard(until)) as names:
            for name in names:
                apply(name)
    except redis.RedisError as error:
        log.info("awake.broker_away", error=type(error).__name__)
    finally:
        _client().connection_pool.disconnect()  # none is kept that nobody listens to


class Waking:
    """The time for which a process stays awake, for all queues of its worker."""

    def __init__(self, queues: Sequence[str], who: str = "") -> None:
        self.queues = queues
        self.who = who or f"{socket.gethostname()}:{os.getpid()}"
        self.bell = BELL + self.who

    def heard(self, until: float) -> Generator[str]:
        """Names of queues in which there may be something to apply."""
        said_at = 0.0
        quiet_at = time.monotonic() + AWAKE_SECONDS
        try:
            while (now := time.monotonic()) < min(until, quiet_at):
                if now - said_at > SAY_AGAIN_SECONDS:
                    self.say(HOLDS_SECONDS)
                    if not said_at:  # the nudges of before went past it
                        yield from waiting(self.queues, missed=0.0)
                    said_at = now
                rung = _client().blpop([self.bell], timeout=LOOK_SECONDS)
                names = [str(rung[1])] if rung else waiting(self.queues, missed=MISSED_SECONDS)
                if LEAVE_WORD in names:
                    break
                yield from names
                if names:
                    quiet_at = time.monotonic() + AWAKE_SECONDS
        finally:
            left = self.leave()
        yield from left

    def say(self, seconds: float) -> None:
        """From now on it is rung, for so long."""
        lasts = int(seconds * 1000)
        _client().eval(SAY, len(self.queues), *self.queues, AWAKE, self.who, lasts)

    def leave(self) -> list[str]:
        """From now on it is not rung any more. Answers what it was rung for and has not heard."""
        rung = _client().eval(LEAVE, len(self.queues), *self.queues, AWAKE, self.who, self.bell)
        return sorted({str(name) for name in rung} - {LEAVE_WORD})


def waiting(queues: Sequence[str], missed: float) -> list[str]:
    """For which destinations there is something to begin that is older than `missed` seconds."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"names": list(queues), "missed": missed})
        return [row[0] for row in cursor.fetchall()]
