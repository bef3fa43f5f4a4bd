"""Sending Celery messages over Redis: short, without retry, behind a breaker.

A message is only ever a nudge: whoever sends one finds its work again when it is lost.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import redis
import structlog
from django.conf import settings
from django.dispatch import Signal
from kombu import serialization
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.celery import app

log = structlog.get_logger(__name__)

MOST_READY = 100  # commands that a thread keeps ready


class Breaker:
    """Stays open for some seconds after a failure, so that nobody waits for a sick broker."""

    def __init__(self) -> None:
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the broker is left alone just now."""
        return time.monotonic() < self.open_until

    def trip(self, seconds: float) -> None:
        """Leaves the broker alone for some seconds."""
        self.open_until = time.monotonic() + seconds

    def reset(self) -> None:
        """Tries the broker again at once."""
        self.open_until = 0.0


breaker = Breaker()
# Sent after a message could not be; whoever listens counts it.
publish_failed = Signal()
_local = threading.local()  # one publishing line a thread: connections are not shared

# Where processes say for which queues they are awake, and what each is rung by (`handoff.awake`).
AWAKE, BELL = "officeflow:awake:", "officeflow:bell:"
# A message that only says "look" (`most`) rings the process that is awake and has the fewest rings
# to answer. If that has any, or nobody is awake, it is also sent: a message that still waits will
# be taken after this moment, so a few are as good as thousands. Any other message ends a waking, so
# that a process is free to take it. One round trip serves all queues; it answers how many of them
# were told anything.
PUSH = """
local told = 0
local time = redis.call("TIME")
local now = string.format("%.0f", time[1] * 1000 + math.floor(time[2] / 1000))

local function ring(queue, word)
    local best, least = nil, 8
    local awake = redis.call("ZRANGEBYSCORE", ARGV[2] .. queue, now, "+inf", "LIMIT", 0, 20)
    for _, who in ipairs(awake) do
        local rings = redis.call("LLEN", ARGV[3] .. who)
        if rings < least then best, least = who, rings end
        if least == 0 then break end
    end
    if not best then return false end
    told = told + 1
    redis.call("RPUSH", ARGV[3] .. best, word)
    redis.call("PEXPIRE", ARGV[3] .. best, 5000)
    return least == 0
end

for place, queue in ipairs(KEYS) do
    if ARGV[1] == "" then
        redis.call("LPUSH", queue, ARGV[3 + place])
        ring(queue, "")
    elseif not ring(queue, queue) and redis.call("LLEN", queue) < tonumber(ARGV[1]) then
        redis.call("LPUSH", queue, ARGV[3 + place])
        told = told + 1
    end
end
return told
"""
# Stands for an id in a command that is kept ready, and is as long as one.
MARK = "00000000-this-is-not-an-id-000000000"


class Sent(Enum):
    """What became of messages; only one that failed is false."""

    FAILED = "failed"
    # All have been told to look as often as is of use, and have not looked yet.
    NEEDLESS = "needless"
    LEFT = "left"

    def __bool__(self) -> bool:
        return self is not Sent.FAILED


@dataclass(frozen=True, kw_only=True)
class Message:
    """One task for one queue."""

    task: str
    args: tuple[Any, ...]
    queue: str


class Line:
    """One thread's way to the broker: a connection with short time limits, and ready commands.

    Celery and Kombu write each kind of message once. Afterwards it differs in its id alone, and
    writing it anew is most of what Celery does to send one.
    """

    def __init__(self) -> None:
        timeout = settings.HANDOFF_PUBLISH_TIMEOUT_SECONDS
        self.connection = app.connection_for_write(
            transport_options={
                **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
                "socket_timeout": timeout,
                "socket_connect_timeout": timeout,
                "max_retries": 0,
                "retry_on_timeout": False,
            }
        )
        self.channel = self.connection.default_channel
        with self.channel.conn_or_acquire() as client:
            self.client = client
        # A connection that died while nothing was sent is opened once more; a broker that does
        # not answer in time is not asked again.
        self.retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        self.client.set_retry(self.retry)
        # Kept for as long as the line, which is one thread's: it need not be taken and given back.
        self.wire = self.client.connection_pool.get_connection()
        self.ready: dict[tuple[tuple[Message, ...], int | None], bytes] = {}

    def push(self, messages: Sequence[Message], most: int | None) -> int:
        """Puts each message into its queue, unless `most` are waiting in that already.

        Answers how many queues were told anything when there is a `most`.
        """
        asked = (tuple(messages), most)
        ready = self.ready.get(asked)
        if ready is None:
            if len(self.ready) >= MOST_READY:
                self.ready.clear()
            ready = self.ready[asked] = self._command(*asked)
        command = ready.replace(MARK.encode(), str(uuid.uuid4()).encode())

        def send() -> int:
            self.wire.send_packed_command([command])
            told: int = self.wire.read_response()
            return told

        return self.retry.call_with_retry(send, lambda _error: self.wire.disconnect())

    def _command(self, messages: Sequence[Message], most: int | None) -> bytes:
        """As it goes over the wire, with the mark wherever an id belongs."""
        packed: list[bytes] = self.wire.pack_command(
            *("EVAL", PUSH, len(messages), *(message.queue for message in messages)),
            *("" if most is None else most, AWAKE, BELL),
            *(self._envelope(message, f"{MARK}-{place}") for place, message in enumerate(messages)),
        )
        return b"".join(packed)

    def _envelope(self, message: Message, its_id: str) -> str:
        """As Celery's protocol and Kombu's transport have it."""
        task = app.amqp.as_task_v2(its_id, message.task, list(message.args), ignore_result=True)
        content_type, encoding, body = serialization.dumps(task.body, "json")
        envelope = self.channel.prepare_message(
            body, 0, content_type, encoding, task.headers, {**task.properties, "delivery_mode": 2}
        )
        envelope["body"], body_encoding = self.channel.encode_body(
            envelope["body"], self.channel.body_encoding
        )
        envelope["properties"] |= {
            "body_encoding": body_encoding,
            "delivery_tag": its_id,
            "delivery_info": {"exchange": "", "routing_key": message.queue},
        }
        return json.dumps(envelope)

    def close(self) -> None:
        """Lets the connection go; a broker that is sick is no hindrance."""
        try:
            self.wire.disconnect()
            self.client.close()
            self.connection.release()
        except Exception:  # there is nothing to tidy
            log.debug("publisher.release_failed")


def _line() -> Line:
    line: Line | None = getattr(_local, "line", None)
    if line is None:
        line = _local.line = Line()
    return line


def forget_connection() -> None:
    """Drops this thread's line, after a failure or before a fork."""
    line: Line | None = getattr(_local, "line", None)
    _local.line = None
    if line is not None:
        line.close()


def _begin_afresh() -> None:
    """A forked child must not write on the socket that its parent publishes over."""
    global _local
    _local = threading.local()
    breaker.reset()


os.register_at_fork(after_in_child=_begin_afresh)


def publish(messages: Sequence[Message], *, most: int | None = None) -> Sent:
    """Sends messages to their queues in one round trip; says whether they left. Never raises.

    With `most` they only say "look", and each is as good as any other: a process that is awake for
    the queue is rung instead, and a queue in which so many wait is left as it is.
    """
    if breaker.is_open:
        return Sent.FAILED
    try:
        told = _line().push(messages, most)
    except Exception as error:  # whatever ails the broker, the work itself is already safe
        breaker.trip(settings.HANDOFF_BREAKER_SECONDS)
        forget_connection()
        queues = [message.queue for message in messages]
        log.warning("nudge.failed", queues=queues, error=type(error).__name__)
        publish_failed.send_robust(sender=Breaker)
        return Sent.FAILED
    return Sent.NEEDLESS if most is not None and not told else Sent.LEFT
