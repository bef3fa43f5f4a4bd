"""TCP relays between the office and its engines, in a separate process."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from officeflow.local import postgres_user
from tests.faults.breakable_office import PROJECT, free_port


class Relays:
    """Starts the relay process (`relay_process.py`) and sends it commands."""

    def __init__(self, postgres_sockets: Path, valkey_socket: Path) -> None:
        self.sockets = {
            "postgres": postgres_sockets / ".s.PGSQL.5432",
            "valkey": valkey_socket,
        }
        self.process: subprocess.Popen[str] | None = None
        self.ports: dict[str, int] = {}

    @property
    def postgres_port(self) -> int:
        """The port of the relay to PostgreSQL."""
        return self.ports["postgres"]

    @property
    def valkey_port(self) -> int:
        """The port of the relay to Valkey."""
        return self.ports["valkey"]

    def open(self) -> None:
        """Starts the relay process."""
        if self.process is not None:
            return
        self.ports = {name: free_port() for name in self.sockets}
        relays = [f"{name}:{self.ports[name]}:{path}" for name, path in self.sockets.items()]
        self.process = subprocess.Popen(
            [
                *postgres_user.launcher(None, os.getpid(), signal.SIGKILL),
                *(sys.executable, "-m", "tests.faults.drill.relay_process", *relays),
            ],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._answer() == {"open": len(relays)}

    def close(self) -> None:
        """Ends the relay process."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process = None

    def tell(self, relay: str, do: str, **what: Any) -> int:
        """Sends a command to a relay; returns the number in its answer."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"relay": relay, "do": do, **what}) + "\n")
        self.process.stdin.flush()
        return int(self._answer()["count"])

    def freeze(self, relay: str) -> int:
        """Stops forwarding on the open connections; new ones work. Returns their number."""
        return self.tell(relay, "freeze")

    def thaw(self, relay: str) -> int:
        """Closes the frozen connections. Returns their number."""
        return self.tell(relay, "thaw")

    def lose_replies(self, relay: str, to: str, times: int) -> int:
        """Closes the connection instead of replying to the next requests that contain `to`."""
        return self.tell(relay, "lose", to=to, times=times)

    def lost(self, relay: str) -> int:
        """Stops losing replies. Returns how many were lost."""
        return self.tell(relay, "lost")

    def _answer(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 20)
        assert ready, "the relay process does not answer"
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer
