"""Connections of one process: how long each may take, and how large its bodies may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from waitress import wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import WSGITask

from officeflow.body_limits import (
    ADDRESS_SENDS,
    BUSY,
    PERSON_SENDS,
    REFUSED,
    TOO_LARGE,
    body_limit_of,
)
from officeflow.staff.callers import counted_address

# A connection that receives or sends for longer than this, in seconds, must have moved at least
# `SLOWEST_RATE` bytes for each second beyond it.
GRACE_SECONDS = 20.0
SLOWEST_RATE = 2048
IDLE_SECONDS = 60.0  # between two requests
STOP_SECONDS = 3.0  # for running requests after SIGTERM
# Bodies above `ANONYMOUS_BODY_BYTES` that one process receives or works on at a time.
MOST_LARGE_BODIES = 8
MOST_LARGE_BODIES_OF_PERSON = 2
# Bodies of any size that one process receives from one address at a time. One that arrives together
# with its head does not count.
MOST_BODIES_OF_ADDRESS = 50
# Of a body that is refused this much is read and dropped, so that the sender sees the answer.
MOST_DROPPED_BYTES = 256 * 1024 * 1024
BUFFER_BYTES = 64 * 1024  # more of a body is kept in an unnamed temporary file
WAITRESS = {
    "asyncore_use_poll": True,
    "channel_timeout": 24 * 60 * 60,  # see `LimitedServer.maintenance`
    "cleanup_interval": 1,
    "clear_untrusted_proxy_headers": False,  # settings: PROXY_COUNT
    "ident": None,
    "inbuf_overflow": BUFFER_BYTES,
    "log_socket_errors": False,
    "max_request_header_size": 32 * 1024,
    "server_name": "localhost",
}


class LimitedBody(OverflowableBuffer):
    """A received body up to a limit; what comes after it is dropped."""

    buf: Any

    def __init__(self, limit: int) -> None:
        super().__init__(BUFFER_BYTES)
        self.limit = limit
        self.refusal = ""

    def append(self, data: bytes) -> None:
        """Keeps `data`, or drops it and everything before it."""
        if not self.refusal and len(self) + len(data) > self.limit:
            self.refuse(TOO_LARGE)
        if not self.refusal:
            super().append(data)

    def refuse(self, reason: str) -> None:
        """Drops what was received, and all that comes."""
        self.refusal = reason
        if self.buf is not None:
            self.buf.close()
        self.buf, self.strbuf, self.overflowed = None, b"", False


class LimitedRequest(HTTPRequestParser):
    """A request whose body is limited before it is received.

    `must_ask` is true while nobody has decided whether the caller may send a large body.
    """

    body_rcv: Any
    body: LimitedBody | None = None
    must_ask = False
    is_large = False
    sender: int | None = None  # of a large body
    address: str | None = None  # once the body counts

    def parse_header(self, header_plus: bytes) -> None:
        """Parses the head, and puts a limited buffer in the place of waitress's."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return
        self.body_rcv.getbuf().close()
        # A body whose length is not announced is a small one.
        self.body = LimitedBody(settings.ANONYMOUS_BODY_BYTES)
        if self.chunked:
            self.body_rcv = ChunkedReceiver(self.body)
            return
        self.body_rcv = FixedStreamReceiver(self.content_length, self.body)
        if self.content_length <= settings.ANONYMOUS_BODY_BYTES:
            return
        if self.content_length > settings.REQUEST_MOST_BYTES:
            self.body.refuse(TOO_LARGE)
        else:
            self.must_ask = True

    def environ(self) -> dict[str, Any]:
        """Returns the part of a WSGI environment that tells who sends the request."""
        headers = {f"HTTP_{name}": value for name, value in self.headers.items()}
        return headers | {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self.path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
        }


def without_body_of_head(application: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a WSGI application so that an answer to HEAD has no body, which waitress would send.

    The next answer of the connection would be read from the body of this one.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        parts = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return parts
        if hasattr(parts, "close"):
            parts.close()
        return []

    return answer


class LimitedTask(WSGITask):
    """Tells the application that a body was refused and why; it then has none."""

    def build_response_header(self) -> bytes:
        """Returns the head of the answer; one to HEAD has no chunks either."""
        head: bytes = super().build_response_header()
        if self.request.command == "HEAD":
            self.chunked_response = False
        return head

    def get_environment(self) -> dict[str, Any]:
        """Returns the WSGI environment."""
        environ = super().get_environment()
        body = self.request.body
        if body is not None and body.refusal:
            environ[REFUSED] = body.refusal
            environ["CONTENT_LENGTH"] = "0"
        return environ


class Admission:
    """Decides in a thread whether the caller may send a large body."""

    _one_at_a_time = Lock()  # of two bodies one is the last

    def __init__(self, channel: LimitedChannel) -> None:
        self.channel = channel

    def service(self) -> None:
        """Sets the limit of the body, or refuses it, and lets the channel go on."""
        channel = self.channel
        request = channel.request
        try:
            request.body.limit, request.sender = body_limit_of(request.environ())
            with self._one_at_a_time:
                if refusal := self._refusal():
                    request.body.refuse(refusal)
                request.is_large = not refusal
        except Error:
            request.body.refuse(BUSY)
        finally:
            request.must_ask = False
            channel.server.pull_trigger()

    def _refusal(self) -> str:
        request, server = self.channel.request, self.channel.server
        if request.content_length > request.body.limit:
            return TOO_LARGE
        senders = server.senders_of_large_bodies()
        if senders.count(request.sender) >= MOST_LARGE_BODIES_OF_PERSON:
            return PERSON_SENDS
        return BUSY if len(senders) >= MOST_LARGE_BODIES else ""

    def cancel(self) -> None:
        """Does nothing: the server stops."""


class LimitedChannel(HTTPChannel):
    """A connection that knows what it does and since when."""

    request: Any
    parser_class = LimitedRequest
    task_class = LimitedTask

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.moved = 0  # bytes, in this phase
        self.answered = 0  # requests
        self.phase: tuple[Any, ...] = ()
        self.phase_began = time.monotonic()
        super().__init__(*args, **kwargs)

    def readable(self) -> bool:
        """Returns whether more may be received: not while the body's limit is unknown."""
        request = self.request
        return super().readable() and not (request is not None and request.must_ask)

    def received(self, data: bytes) -> bool:
        """Receives a part of a request."""
        self.moved += len(data)
        was_asking = self.request is not None and self.request.must_ask
        result = super().received(data)
        request = self.request
        if request is None or was_asking:
            return result
        self._count(request)
        if request.body is not None and request.body.refusal == ADDRESS_SENDS:
            request.must_ask = False
        if request.must_ask:
            self.server.add_task(Admission(self))
        elif request.content_length > MOST_DROPPED_BYTES and request.body.refusal:
            self._answer_at_once(request)
        return result

    def _count(self, request: LimitedRequest) -> None:
        """Refuses a body that does not arrive with its head when its address sends too many."""
        if request.body is None or request.body.refusal or request.address is not None:
            return
        caller = HttpRequest()
        caller.META = request.environ() | {"REMOTE_ADDR": self.addr[0]}
        request.address = counted_address(caller) or ""
        if self.server.bodies_from(request.address) > MOST_BODIES_OF_ADDRESS:
            request.body.refuse(ADDRESS_SENDS)

    def _answer_at_once(self, request: LimitedRequest) -> None:
        request.completed = request.connection_close = True
        request.headers["CONNECTION"] = "close"
        self.request = None
        with self.requests_lock:
            self.requests.append(request)
            is_first = len(self.requests) == 1
        if is_first:  # else the thread that works on the ones before goes on with it
            self.server.add_task(self)

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Sends a part of an answer; returns the number of bytes."""
        sent = super().send(data, do_close=do_close)
        self.moved += sent
        return sent

    def service(self) -> None:
        """Works on a request, in a thread."""
        super().service()
        self.answered += 1

    def senders_of_large_bodies(self) -> list[int | None]:
        """Returns who sent each large body that is being received or worked on."""
        return [
            each.sender
            for each in (self.request, *self.requests)
            if each is not None and each.is_large
        ]

    def receives_from(self, address: str) -> bool:
        """Returns whether a body from this address is being received and kept."""
        request = self.request
        return request is not None and request.address == address and not request.body.refusal

    def is_refused(self) -> bool:
        """Returns whether what is being received will be refused."""
        body = None if self.request is None else self.request.body
        return body is not None and bool(body.refusal)

    def is_overdue(self, now: float) -> bool:
        """Returns whether the connection takes longer than it may. Called every second."""
        if self.total_outbufs_len:
            phase: tuple[Any, ...] = ("sending", self.answered)
        elif self.requests:
            phase = ("working",)
        elif self.request is not None:
            phase = ("receiving", self.request)
        else:
            phase = ("idle", self.answered)
        if phase != self.phase:
            self.phase, self.phase_began, self.moved = phase, now, 0
        took = now - self.phase_began
        if phase[0] == "idle":
            return took > IDLE_SECONDS
        return phase[0] != "working" and took > GRACE_SECONDS + self.moved / SLOWEST_RATE


class LimitedServer(BaseWSGIServer):
    """Accepts connections, and closes those that take too long."""

    channel_class = LimitedChannel

    def senders_of_large_bodies(self) -> list[int | None]:
        """Returns who sent each large body that is being received or worked on."""
        channels = list(self.active_channels.values())
        return [sender for channel in channels for sender in channel.senders_of_large_bodies()]

    def bodies_from(self, address: str) -> int:
        """Returns how many bodies are being received from an address."""
        return sum(channel.receives_from(address) for channel in self.active_channels.values())

    def maintenance(self, now: float) -> None:
        """Closes overdue connections, and when almost all are used, those that wait longest.

        Those that will be refused go first.
        """
        moment = time.monotonic()
        channels = list(self.active_channels.values())
        for channel in channels:
            if channel.is_overdue(moment):
                # Not `will_close`, which waits until the socket can be written to.
                channel.handle_close()
        waiting = [
            channel
            for channel in channels
            if channel.connected and channel.phase[0] in ("idle", "receiving")
        ]
        excess = len(self.active_channels) - int(self.adj.connection_limit * 0.8)
        waiting.sort(key=lambda each: (not each.is_refused(), each.phase_began))
        for channel in waiting[: max(0, excess)]:
            channel.handle_close()

    def serve(self, is_stopping: Any) -> None:
        """Serves until `is_stopping` returns true, then finishes the running requests."""
        while not is_stopping():
            wasyncore.loop(timeout=1, use_poll=True, map=self._map, count=1)
        self.accepting = False
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_busy() and time.monotonic() < deadline:
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._map, count=1)

    def _is_busy(self) -> bool:
        return any(
            channel.requests or channel.total_outbufs_len
            for channel in list(self.active_channels.values())
        )


class LimitedTcpServer(LimitedServer, TcpWSGIServer):
    """Listens on an address."""


class LimitedUnixServer(LimitedServer, UnixWSGIServer):
    """Listens on a Unix socket."""
