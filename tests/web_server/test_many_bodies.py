"""One person, and one address, send so many bodies at a time, and nobody else waits for them."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest

from officeflow.company.models import Office
from officeflow.staff.models import User
from officeflow.web_server.connections import MOST_BODIES_OF_ADDRESS, MOST_LARGE_BODIES_OF_PERSON
from tests.web_server.conftest import WebServer
from tests.web_server.test_large_bodies import ADDRESS, FORM, LARGE, form, session_of

SLOW = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\na="
TWO_PARTS = SLOW.replace(b"5000", b"4")
JSON = {"Accept": "application/json"}


@pytest.fixture
def opened() -> Iterator[list[socket.socket]]:
    sockets: list[socket.socket] = []
    yield sockets
    for each in sockets:
        each.close()


def send_slowly(web_server: WebServer, person: User) -> socket.socket:
    """Sends the head and the beginning of a large body."""
    head = [f"POST {ADDRESS} HTTP/1.1", "Host: localhost", f"Content-Length: {LARGE}"]
    head += [f"{name}: {value}" for name, value in (FORM | session_of(person)).items()]
    return web_server.connect("\r\n".join([*head, "", "x"]).encode())


def status_of_two_parts(web_server: WebServer, address: str = "127.0.0.1") -> bytes:
    """Returns the first line of the answer to a form whose body comes after its head."""
    with web_server.connect(TWO_PARTS, address=address) as sender:
        assert web_server.get("/healthz")[0] == 200, "the head has been received"
        sender.sendall(b"bc")
        return sender.recv(1000).partition(b"\r\n")[0]


def test_a_person_sends_few_large_bodies_at_a_time_and_a_colleague_is_not_kept_waiting(
    web_server: WebServer, rita: User, ravi: User, opened: list[socket.socket]
) -> None:
    def status(person: User) -> tuple[int, bytes]:
        headers = FORM | JSON | session_of(person)
        return web_server.send("POST", ADDRESS, form(LARGE), headers)

    def first_with(wanted: bool) -> bytes:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            code, answer = status(rita)
            if (code == 429) == wanted:
                return answer
        raise AssertionError(code)

    opened += [send_slowly(web_server, rita) for _ in range(MOST_LARGE_BODIES_OF_PERSON)]
    refused = json.loads(first_with(True))
    assert refused["detail"].startswith("You are already sending files")
    assert status(ravi)[0] != 429
    opened.pop().close()
    first_with(False)


def test_an_address_sends_few_bodies_at_a_time_and_others_are_not_kept_waiting(
    web_server: WebServer, office: Office, opened: list[socket.socket]
) -> None:
    opened += [web_server.connect(SLOW) for _ in range(MOST_BODIES_OF_ADDRESS)]
    assert web_server.get("/healthz")[0] == 200
    assert status_of_two_parts(web_server) == b"HTTP/1.1 429 Too Many Requests"
    assert status_of_two_parts(web_server, "127.0.0.2").startswith(b"HTTP/1.1 403")
    assert web_server.get("/sign-in/")[0] == 200
    assert web_server.send("POST", "/sign-in/", b"a=b")[0] == 403, "without the form's key"
    opened.pop().close()
    deadline = time.monotonic() + 20
    while status_of_two_parts(web_server).startswith(b"HTTP/1.1 429"):
        assert time.monotonic() < deadline
