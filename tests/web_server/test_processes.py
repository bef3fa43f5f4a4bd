"""The processes of the web server end alone, and all with the first one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web_server.conftest import WebServer

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_replaced_process_ends_no_other_and_all_end_in_order(tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("wb") as stderr:
        server = WebServer(processes=2, stderr=stderr)
        try:
            server.wait()
            first, oldest = server.workers()
            os.kill(first, signal.SIGKILL)
            wait_for(lambda: len(server.workers()) == 2 and first not in server.workers())
            assert server.get("/healthz")[0] == 200
            # It has the older one's id from before the fork, and is replaced after a pause.
            newest = server.workers()[-1]
            os.kill(newest, signal.SIGTERM)
            wait_for(lambda: len(server.workers()) == 2 and newest not in server.workers())
            assert server.workers()[0] == oldest
            assert server.get("/healthz")[0] == 200
        finally:
            server.process.terminate()
            code = server.process.wait(20)
    assert code == 0
    assert "failed" not in said.read_text()
