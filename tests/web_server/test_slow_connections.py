"""Slow connections take no thread: pages are answered beside hundreds of them."""

from __future__ import annotations

import select
import socket
from types import SimpleNamespace

import pytest

from officeflow.company.models import Office
from officeflow.web_server import connections
from officeflow.web_server.connections import GRACE_SECONDS, IDLE_SECONDS, LimitedChannel
from tests.web_server.conftest import WebServer

MANY = 200


@pytest.fixture
def opened() -> list[socket.socket]:
    sockets: list[socket.socket] = []
    yield sockets  # type: ignore[misc]
    for each in sockets:
        each.close()


HEADS = [
    b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\na=",
    b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na",
]


def test_a_page_is_answered_beside_many_slow_senders(
    web_server: WebServer, office: Office, opened: list[socket.socket]
) -> None:
    opened += [web_server.connect(HEADS[n % len(HEADS)]) for n in range(MANY)]
    for each in opened:
        each.sendall(b"b")
    assert web_server.get("/healthz")[0] == 200
    assert b"password" in web_server.get("/sign-in/")[1]
    assert not select.select(opened, [], [], 0)[0], "the slow connections are still open"


def test_a_page_is_answered_beside_many_slow_readers(
    web_server: WebServer, office: Office, opened: list[socket.socket]
) -> None:
    request = b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    opened += [web_server.connect(request) for _ in range(MANY)]
    assert web_server.get("/healthz")[0] == 200
    assert b"password" in web_server.get("/sign-in/")[1]


class Channel(LimitedChannel):
    """A channel without a socket."""

    def __init__(self) -> None:
        self.moved = self.answered = 0
        self.phase, self.phase_began = (), 0.0
        self.requests: list[object] = []
        self.request = None
        self.total_outbufs_len = 0


def test_a_connection_has_to_receive_at_the_slowest_rate_after_the_grace_time() -> None:
    channel = Channel()
    channel.request = SimpleNamespace()
    assert not channel.is_overdue(100.0)
    assert not channel.is_overdue(100.0 + GRACE_SECONDS)
    assert channel.is_overdue(101.0 + GRACE_SECONDS)
    channel.moved = 5 * connections.SLOWEST_RATE
    assert not channel.is_overdue(105.0 + GRACE_SECONDS)
    assert channel.is_overdue(106.0 + GRACE_SECONDS)


def test_a_running_request_and_a_new_answer_are_not_overdue() -> None:
    channel = Channel()
    channel.requests = [object()]
    assert not channel.is_overdue(0.0)
    assert not channel.is_overdue(1000.0)
    channel.total_outbufs_len = 1
    assert not channel.is_overdue(1001.0)
    assert channel.is_overdue(1002.0 + GRACE_SECONDS)
    channel.answered += 1
    assert not channel.is_overdue(1003.0 + GRACE_SECONDS)


def test_an_idle_connection_is_closed() -> None:
    channel = Channel()
    assert not channel.is_overdue(5.0)
    assert channel.is_overdue(6.0 + IDLE_SECONDS)
