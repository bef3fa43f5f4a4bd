"""What the server sends and what it does not."""

from __future__ import annotations

from contextlib import closing

import pytest

from officeflow.company.models import Office
from tests.web_server.conftest import WebServer

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("path", ["/sign-in/", "/no-such-page/", "/static/no-such-file"])
def test_an_answer_to_head_has_no_body(web_server: WebServer, office: Office, path: str) -> None:
    head = f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with closing(web_server.connect(head)) as connection, connection.makefile("rb") as received:
        lines = list(iter(received.readline, b"\r\n"))
        assert any(line.startswith(b"Content-Length: ") for line in lines)
        connection.sendall(GET)
        assert received.readline() == b"HTTP/1.1 200 OK\r\n"
