"""A browser and a program of the API over HTTP, on one connection that stays open."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

TIMEOUT = 60.0  # seconds


@dataclass(frozen=True)
class Answer:
    """An answer with the seconds from the request to its last byte."""

    seconds: float
    status: int
    sent: int  # bytes of the body as sent
    body: bytes


class Caller:
    """One client with its own headers."""

    def __init__(self, port: int, **headers: str) -> None:
        self.headers = {"Host": "localhost", "Accept-Encoding": "gzip", **headers}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def close(self) -> None:
        """Closes the connection."""
        self.connection.close()

    def get(self, address: str) -> Answer:
        """Requests a page."""
        return self._ask("GET", address, None, {})

    def post(self, address: str, values: dict[str, Any], **headers: str) -> Answer:
        """Calls the API with a body."""
        headers["Content-Type"] = "application/json"
        return self._ask("POST", address, json.dumps(values).encode(), headers)

    def _ask(
        self, method: str, address: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        began = time.perf_counter()
        self.connection.request(method, address, body, self.headers | headers)
        answer = self.connection.getresponse()
        sent = answer.read()
        seconds = time.perf_counter() - began
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
        return Answer(
            seconds, answer.status, len(sent), gzip.decompress(sent) if is_packed else sent
        )


def signed_in(port: int, username: str) -> Caller:
    """Returns a browser in which a person is signed in, by a session written to the database."""
    return Caller(port, Cookie=f"sessionid={session_of(username).cookies['sessionid'].value}")


def session_of(username: str) -> Client:
    """Returns Django's test client with a session of a person."""
    from django.test import Client

    from officeflow.staff.models import User

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return browser


def program_of(port: int, username: str) -> Caller:
    """Returns a program that calls the API with a person's token."""
    from officeflow.staff.actions import issue_token
    from officeflow.staff.models import User

    _token, secret = issue_token(user=User.objects.get(username=username))
    return Caller(port, Authorization=f"Token {secret}")
