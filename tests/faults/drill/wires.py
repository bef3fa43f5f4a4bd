"""The wires between the office and its engines: two small TCP relays in a process of their own."""

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


class Wires:
    """Tells the relay process (`relay.py`) what to do; each answer says how often it was done."""

    def __init__(self, postgres_sockets: Path, valkey_socket: Path) -> None:
        self.sockets = {
            "postgres": postgres_sockets / ".s.PGSQL.5432",
            "valkey": valkey_socket,
        }
        self.process: subprocess.Popen[str] | None = None
        self.ports: dict[str, int] = {}

    @property
    def postgres_port(self) -> int:
        """Where PostgreSQL is reached over its wire."""
        return self.ports["postgres"]

    @property
    def valkey_port(self) -> int:
        """Where Valkey is reached over its wire."""
        return self.ports["valkey"]

    def open(self) -> None:
        """Lays both wires."""
        if self.process is not None:
            return
        self.ports = {name: free_port() for name in self.sockets}
        wires = [f"{name}:{self.ports[name]}:{path}" for name, path in self.sockets.items()]
        self.process = subprocess.Popen(
            [
                *postgres_user.launcher(None, os.getpid(), signal.SIGKILL),
                *(sys.executable, "-m", "tests.faults.drill.relay", *wires),
            ],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._answer() == {"open": len(wires)}

    def close(self) -> None:
        """Takes both wires away."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process = None

    def tell(self, wire: str, do: str, **what: Any) -> int:
        """Has a wire do something; how often what it was told to do has happened."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"wire": wire, "do": do, **what}) + "\n")
        self.process.stdin.flush()
        return int(self._answer()["count"])

    def freeze(self, wire: str) -> int:
        """The connections there are go dead without a word; new ones work. How many there are."""
        return self.tell(wire, "freeze")

    def thaw(self, wire: str) -> int:
        """The dead connections end. How many there were."""
        return self.tell(wire, "thaw")

    def lose_replies(self, wire: str, to: str, times: int) -> int:
        """The reply to the next requests that hold this text is lost with its connection."""
        return self.tell(wire, "lose", to=to, times=times)

    def lost(self, wire: str) -> int:
        """How many replies were lost so far; none is lost any more."""
        return self.tell(wire, "lost")

    def _answer(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 20)
        assert ready, "the wires are silent"
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer
