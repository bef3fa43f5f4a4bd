"""The office of the drill on five machines: the counter, two with workers, one with the sweeper."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from officeflow.local import processes
from tests.faults.drill.hosts import Hosts
from tests.faults.drill.office import Office
from tests.faults.drill.wires import Wires
from tests.faults.failing.apps import TAKES_LONG

HOST_OF = {"web": "counter", "worker": "shed", "worker2": "yard", "sweeper": "porch"}


class Door(Wires):
    """Where clients reach the web, whose host has a network of its own."""

    def __init__(self, socket: Path) -> None:
        super().__init__(socket, socket)
        self.sockets = {"web": socket}

    @property
    def port(self) -> int:
        """On this machine."""
        return self.ports["web"]


class Machines(Office):
    """Every part on the host that `HOST_OF` names; the engines are in the cellar."""

    def __init__(self, room: Path, hosts: Hosts) -> None:
        super().__init__(room)
        self.hosts = hosts
        hosts.open()
        self.postgres, self.valkey = hosts.engines(room)
        self.door = Door(room / "web.sock")
        self.cut_off: set[str] = set()

    def open(self) -> None:
        """Starts the engines, then what is on the other hosts."""
        self.door.open()
        self.port = self.door.port
        super().open()

    def close(self) -> None:
        """Ends everything, and takes the hosts away."""
        super().close()
        self.door.close()
        self.hosts.close()

    def start_part(self, part: str) -> None:
        """Starts a part on its host; a worker on the yard's as well."""
        if part == "web":
            self.hosts.connect()  # the engines run from here on
            self.start_part("worker2")
        host = HOST_OF[part]
        self.before[part] = self.hosts.words(host)
        self.more[part] = self.more.get(part, {}) | self.hosts.environment(host)
        super().start_part(part)

    def launch_web(self) -> None:
        """gunicorn behind a socket, so that clients need no way into the counter's network."""
        self.start(
            "web",
            *("-m", "gunicorn", "officeflow.wsgi:application", "--no-control-socket"),
            *("--bind", f"unix:{self.door.sockets['web']}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
            *("--log-level", "warning"),
        )

    def start_what_ended(self) -> None:
        """The second worker as well."""
        super().start_what_ended()
        if "worker2" in self.running and self.running["worker2"].poll() is not None:
            self.kill("worker2")
            super().start_part("worker2")

    def mend(self) -> None:
        """No host is cut off."""
        for host in list(self.cut_off):
            self.heal(host)
        super().mend()

    def cut(self, host: str) -> None:
        """Pulls the host's wire out."""
        self.hosts.cut(host)
        self.cut_off.add(host)

    def heal(self, host: str) -> None:
        """Puts it back."""
        self.hosts.heal(host)
        self.cut_off.discard(host)

    def slow_in(self, part: str, patience: float = 30.0) -> int:
        """Waits until a process of this part is in the middle of a slow hand-off; its id."""
        lines = len(self._slow())
        found: list[int] = []

        def is_slow() -> bool:
            mine = set(self.children_of(part))
            found[:] = [handoff for handoff, pid in self._slow()[lines:] if pid in mine]
            return bool(found)

        self.until(is_slow, f"{part} takes long over something", patience)
        return found[0]

    def _slow(self) -> list[tuple[int, int]]:
        if not self.failure_file.exists():
            return []
        said = [line.removeprefix(TAKES_LONG).split() for line in self.failures_of(TAKES_LONG)]
        return [(int(handoff), int(pid)) for handoff, pid in said]

    def failures_of(self, what: str) -> list[str]:
        """The lines that such failures have left."""
        lines = self.failure_file.read_text().splitlines()
        return [line for line in lines if line.startswith(what)]

    def stop_all_but(self, part: str) -> list[str]:
        """Everybody else who could apply hangs; who that is."""
        others = [name for name in ("worker", "worker2", "sweeper") if name != part]
        for name in others:
            self.signal(name, signal.SIGSTOP)
        return others

    def seconds_until(self, statement: str, *values: object, patience: float) -> float | None:
        """How long until a statement is true; None when patience is over before."""
        began = time.monotonic()
        came = processes.wait_until(lambda: self.one(statement, *values), patience, pause=0.05)
        return time.monotonic() - began if came else None
