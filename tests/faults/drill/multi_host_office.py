"""The office of the drill on five hosts: engines, web, two workers and the sweeper."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from officeflow.local import processes
from tests.faults.drill.hosts import Hosts
from tests.faults.drill.office import Office
from tests.faults.drill.relays import Relays
from tests.faults.failing.apps import TAKES_LONG

HOST_OF = {
    "web": "web_host",
    "worker": "worker_host",
    "worker2": "worker2_host",
    "sweeper": "sweeper_host",
}


class WebRelay(Relays):
    """A TCP port for the clients to reach the web, whose host has its own network."""

    def __init__(self, socket: Path) -> None:
        super().__init__(socket, socket)
        self.sockets = {"web": socket}

    @property
    def port(self) -> int:
        """The port on this machine."""
        return self.ports["web"]


class MultiHostOffice(Office):
    """Runs every part on its host in `HOST_OF`."""

    def __init__(self, folder: Path, hosts: Hosts) -> None:
        super().__init__(folder)
        self.hosts = hosts
        hosts.open()
        self.postgres, self.valkey = hosts.engines(folder)
        self.web_relay = WebRelay(folder / "web.sock")
        self.disconnected: set[str] = set()

    def open(self) -> None:
        """Starts the engines, then the parts on the other hosts."""
        self.web_relay.open()
        self.port = self.web_relay.port
        super().open()

    def close(self) -> None:
        """Ends everything and removes the hosts."""
        super().close()
        self.web_relay.close()
        self.hosts.close()

    def start_part(self, part: str) -> None:
        """Starts a part on its host; with the web the second worker too."""
        if part == "web":
            self.hosts.connect()  # the engines run by now
            self.start_part("worker2")
        host = HOST_OF[part]
        self.before[part] = self.hosts.command_prefix(host)
        self.more[part] = self.more.get(part, {}) | self.hosts.environment(host)
        super().start_part(part)

    def launch_web(self) -> None:
        """Starts the web server on a socket, which clients reach without the host's network."""
        self.start(
            "web",
            *("-m", "officeflow.web_server", "--unix", str(self.web_relay.sockets["web"])),
        )

    def start_what_ended(self) -> None:
        """Starts the second worker too."""
        super().start_what_ended()
        if "worker2" in self.running and self.running["worker2"].poll() is not None:
            self.kill("worker2")
            super().start_part("worker2")

    def repair(self) -> None:
        """Reconnects all hosts and repairs the rest."""
        for host in list(self.disconnected):
            self.heal(host)
        super().repair()

    def cut(self, host: str) -> None:
        """Cuts a host off."""
        self.hosts.cut(host)
        self.disconnected.add(host)

    def heal(self, host: str) -> None:
        """Reconnects a host."""
        self.hosts.heal(host)
        self.disconnected.discard(host)

    def wait_for_slow_handoff(self, part: str, timeout: float = 30.0) -> int:
        """Waits until a process of this part applies a slow hand-off; returns the hand-off's id."""
        lines = len(self._slow())
        found: list[int] = []

        def is_slow() -> bool:
            mine = set(self.children_of(part))
            found[:] = [handoff for handoff, pid in self._slow()[lines:] if pid in mine]
            return bool(found)

        self.until(is_slow, f"{part} takes long over something", timeout)
        return found[0]

    def _slow(self) -> list[tuple[int, int]]:
        if not self.failure_file.exists():
            return []
        lines = [line.removeprefix(TAKES_LONG).split() for line in self.failures_of(TAKES_LONG)]
        return [(int(handoff), int(pid)) for handoff, pid in lines]

    def failures_of(self, what: str) -> list[str]:
        """Returns the recorded failures of this kind."""
        lines = self.failure_file.read_text().splitlines()
        return [line for line in lines if line.startswith(what)]

    def pause_others(self, part: str) -> list[str]:
        """Pauses the other parts that apply hand-offs; returns their names."""
        others = [name for name in ("worker", "worker2", "sweeper") if name != part]
        for name in others:
            self.signal(name, signal.SIGSTOP)
        return others

    def seconds_until(self, statement: str, *values: object, timeout: float) -> float | None:
        """Returns the seconds until a statement is true; None after the timeout."""
        began = time.monotonic()
        came = processes.wait_until(lambda: self.one(statement, *values), timeout, pause=0.05)
        return time.monotonic() - began if came else None
