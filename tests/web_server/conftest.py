"""A web server of its own on the test database."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from officeflow.local.var_folder import PROJECT
from tests.faults.breakable_office import free_port


class WebServer:
    """The process that serves, and ways to send it what no client library sends."""

    def __init__(self, processes: int = 1, **options: Any) -> None:
        self.port = free_port()
        database = connection.settings_dict
        query = {"host": database["HOST"], "user": database["USER"]}
        url = f"postgres:///{quote(database['NAME'])}?{urlencode(query)}"
        if database["PORT"]:
            user = f"{database['USER']}:{quote(database['PASSWORD'])}"
            url = f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "officeflow.web_server", "--processes", str(processes)),
                *("--listen", f"127.0.0.1:{self.port}"),
            ],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": url},
            **options,
        )

    def wait(self) -> None:
        """Waits until the server answers."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.get("/healthz")[0] == 200:
                    return
            assert self.process.poll() is None
            time.sleep(0.05)
        raise AssertionError("the web server does not start")

    def workers(self) -> list[int]:
        """Returns the ids of the processes that serve, the oldest first."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def worker(self) -> int:
        """Returns the id of the only process that serves."""
        (pid,) = self.workers()
        return pid

    def written(self) -> int:
        """Returns how many bytes the process has written, to files and sockets."""
        lines = Path(f"/proc/{self.worker()}/io").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("wchar")))

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Requests a page; returns status and body."""
        return self.send("GET", path, headers=headers)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Sends a request; returns status and body."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(client):
            client.request(method, path, body or None, headers or {})
            answer = client.getresponse()
            return answer.status, answer.read()

    def connect(self, first: bytes, *, address: str = "127.0.0.1") -> socket.socket:
        """Opens a connection from a loopback address and sends the first bytes."""
        opened = socket.create_connection(
            ("127.0.0.1", self.port), timeout=30, source_address=(address, 0)
        )
        opened.sendall(first)
        return opened


@pytest.fixture(scope="module")
def _web_server(django_db_setup: None) -> Iterator[WebServer]:
    server = WebServer()
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


@pytest.fixture
def web_server(transactional_db: None, _web_server: WebServer) -> WebServer:
    """Returns a running web server; what a test commits is visible to it."""
    return _web_server
