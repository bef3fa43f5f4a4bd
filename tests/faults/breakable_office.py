"""A whole office with its own engines and workers, in which tests can cause faults."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from officeflow.local import postgres_user, processes
from officeflow.local.engines import TEST_SETTINGS, PostgresEngine, ValkeyEngine
from officeflow.local.var_folder import PROJECT

TIMEOUT_SECONDS = 60.0
DESTINATIONS = ("fulfilment", "warehouse", "accounting", "hr", "management", "frontdesk", "mail")
FAULT_POINTS = ("after_claim", "before_commit", "after_commit")
ATTEMPTS = 3
# A hand-off may kill each process of a worker once while it is fresh, and once among several; these
# kills are not attempts, because no claim was made or the culprit is not known.
PROCESSES = 2
UNCOUNTED_KILLS = PROCESSES + 1
RESTARTED = {"worker", "sweeper", "web"}
# Much shorter intervals than in production, in seconds, so that recovery is fast.
SHORT_INTERVALS = {
    "HANDOFF_MAX_ATTEMPTS": str(ATTEMPTS),
    "HANDOFF_LEASE_SECONDS": "2",
    "HANDOFF_FRESH_SECONDS": "0.5",
    "HANDOFF_BACKOFF_SECONDS": "0.2",
    "HANDOFF_BACKOFF_MAX_SECONDS": "1",
    "HANDOFF_SWEEP_SECONDS": "0.3",
    "HANDOFF_FALLBACK_SECONDS": "2",
    "HANDOFF_BREAKER_SECONDS": "1",
    "WEB_LOCK_SECONDS": "0.3",
}


class BreakableOffice:
    """The engines, the desk, a worker of two processes, a sweeper and, in some tests, the web."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = PostgresEngine(folder / "postgres", folder / "run", TEST_SETTINGS)
        self.valkey = ValkeyEngine(folder / "valkey", folder / "run", {"appendonly": "no"})
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.commands: dict[str, tuple[str, ...]] = {}
        self.more: dict[str, dict[str, str]] = {}  # environment variables of one part
        self.before: dict[str, list[str]] = {}  # words before the command of a part
        self.failure_file = folder / "failures"
        self.faults = folder / "faults"
        self.faults.mkdir()
        self.dead: set[tuple[str, str]] = set()  # expected ones: (subject, destination)
        self.port = free_port()
        self.environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ},
            **SHORT_INTERVALS,
            "PYTHONPATH": str(PROJECT),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "OFFICEFLOW_MODE": "test",
            "OFFICEFLOW_VAR": str(folder / "var"),
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "FAILURE_FILE": str(self.failure_file),
            "HANDOFF_FAULTS": ",".join(
                f"{point}=kill:{self.faults / point}" for point in FAULT_POINTS
            ),
        }

    def open(self) -> None:
        """Starts everything but the web."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.wait_ready()
        self.valkey.wait_ready()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=PROJECT,
            env=self.environment,
            check=True,
            capture_output=True,
        )
        self.launch_worker()
        self.start_sweeper()
        self.start_desk()
        self.until(lambda: self.tell("alive")["ready"] is True, "the office is ready")

    def close(self) -> None:
        """Ends everything, in whatever state it is."""
        for name in list(self.running):
            self.kill(name)
        for engine in (self.valkey, self.postgres):
            if engine.running:
                engine.resume()
                engine.kill()

    def start(self, name: str, *command: str, **pipes: Any) -> subprocess.Popen[str]:
        """Starts a part in its own process group, with its errors in a log."""
        self.commands[name] = command
        with (self.folder / f"{name}.log").open("a") as log:
            self.running[name] = subprocess.Popen(
                [
                    *self.before.get(name, ()),
                    *postgres_user.launcher(None, os.getpid(), signal.SIGKILL),
                    *(sys.executable, *command),
                ],
                cwd=PROJECT,
                env=self.environment | self.more.get(name, {}),
                stderr=log,
                text=True,
                start_new_session=True,
                **({"stdout": log} | pipes),
            )
        return self.running[name]

    def kill(self, name: str) -> None:
        """Kills a part with all its processes, as a power cut would."""
        part = self.running.pop(name)
        processes.signal_group(part.pid, signal.SIGCONT)
        processes.signal_group(part.pid, signal.SIGKILL)
        part.wait()
        for pipe in (part.stdin, part.stdout):
            if pipe is not None:
                pipe.close()

    def start_what_ended(self) -> None:
        """Restarts parts that ended by themselves, as a service manager does.

        A Celery worker sometimes ends when its broker goes away while a task is being ended.
        """
        for name in RESTARTED & self.running.keys():
            if self.running[name].poll() is not None:
                self.kill(name)
                self.start(name, *self.commands[name])

    def signal(self, name: str, number: signal.Signals) -> None:
        """Signals a part and all its processes."""
        processes.signal_group(self.running[name].pid, number)

    def start_desk(self) -> None:
        """Starts the process that places orders and reads reports; waits until it is ready."""
        self.start("desk", "-m", "tests.faults.desk", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.answer() == {"open": True}

    def start_worker(self) -> None:
        """Starts a worker and waits until it has a heartbeat."""
        self.launch_worker()
        self.until(lambda: self.tell("alive")["worker"] == "ok", "the worker is ready")

    def launch_worker(self, name: str = "worker") -> None:
        """Starts a worker as the office runs it."""
        self.start(name, "manage.py", "work", "--processes", str(PROCESSES), "--name", name)

    def start_sweeper(self) -> None:
        """Starts the sweeper as the office runs it."""
        self.start("sweeper", "manage.py", "sweep")

    def start_web(self) -> None:
        """Starts the web server with one process; waits until it answers."""
        self.start(
            "web",
            *("-m", "officeflow.web_server", "--listen", f"127.0.0.1:{self.port}"),
            *("--processes", "1"),
        )
        self.until(lambda: self.get("/healthz")[0] == 200, "the web answers")

    def tell(self, do: str, **what: Any) -> dict[str, Any]:
        """Sends a command to the desk; returns its answer."""
        stdin = self.running["desk"].stdin
        assert stdin is not None
        stdin.write(json.dumps({"do": do, **what}) + "\n")
        stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Returns the desk's next answer."""
        stdout = self.running["desk"].stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], TIMEOUT_SECONDS)
        assert ready, f"the desk does not answer; see {self.folder / 'desk.log'}"
        line = stdout.readline()
        assert line, (self.folder / "desk.log").read_text()[-2000:]
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, answer
        return answer

    def place(self, note: str = "") -> str:
        """Places an order; returns its number."""
        answer = self.tell("place", note=note)
        assert "number" in answer, answer
        return str(answer["number"])

    def report(self) -> Report:
        """Returns the state of all hand-offs and their effects."""
        answer = self.tell("report")
        assert "orders" in answer, answer
        return Report(answer)

    def get(self, path: str) -> tuple[int, bytes]:
        """Requests a page; returns status and body, and status 0 when the web does not answer."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def until(
        self, condition: Callable[[], object], what: str, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        """Waits for a condition. Raises `AssertionError` with the logs after the timeout."""

        def is_true() -> bool:
            self.start_what_ended()
            return bool(condition())

        if processes.wait_until(is_true, timeout, pause=0.05):
            return
        logs = [
            f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}"
            for path in self.folder.glob("*.log")
        ]
        with contextlib.suppress(Exception):
            logs.append(json.dumps(self.tell("report"), indent=1)[-3000:])
        raise AssertionError("\n".join([f"not within {timeout:.0f} s: {what}", *logs]))

    def until_settled(self) -> Report:
        """Waits until every hand-off is applied, dead, or behind a dead one."""
        last: list[Report] = []

        def settled() -> bool:
            last[:] = [self.report()]
            return last[0].settled

        self.until(settled, "everything is applied, or waits behind a dead one")
        return last[0]

    def arm(self, point: str) -> None:
        """Lets the next process that reaches the point die there."""
        (self.faults / point).touch()

    def fired(self, point: str) -> list[int]:
        """Returns the ids of the hand-offs at which processes died at the point."""
        return [
            int(path.name.rpartition(".fired-")[2].split("-")[0])
            for path in self.faults.glob(f"{point}.fired-*")
        ]

    def failures(self, what: str) -> int:
        """Returns how often orders failed in this way."""
        if not self.failure_file.exists():
            return 0
        return sum(line.startswith(what) for line in self.failure_file.read_text().splitlines())

    def traceback_counts(self, *names: str) -> dict[str, int]:
        """Returns the number of tracebacks in the log of each part."""
        return {
            name: (self.folder / f"{name}.log").read_text().count("Traceback (most")
            for name in names
        }

    def processes_of(self, name: str) -> set[int]:
        """Returns the ids of a part's processes."""
        return set(processes.pids_in_session(self.running[name].pid))


class Report:
    """All hand-offs at one moment, and the effects of each order."""

    def __init__(self, answer: dict[str, Any]) -> None:
        # {number: {destination: number of effects}}
        self.orders: dict[str, dict[str, int]] = answer["orders"]
        self.complaints: dict[str, dict[str, int]] = answer["complaints"]
        self.sealed: int = answer["sealed"]
        self.handoffs: list[dict[str, Any]] = answer["handoffs"]
        self.balanced: bool = answer["balanced"]

    def streams(self) -> Iterator[list[dict[str, Any]]]:
        """Yields the hand-offs of each stream in order."""
        streams: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.handoffs:
            streams.setdefault((row["destination"], row["subject"]), []).append(row)
        yield from streams.values()

    @property
    def settled(self) -> bool:
        """Whether every waiting hand-off is behind a dead one."""
        return all(
            "dead" in [before["state"] for before in stream[: row["sequence"] - 1]]
            for stream in self.streams()
            for row in stream
            if row["state"] == "waiting"
        )

    def of(self, number: str, destination: str) -> list[dict[str, Any]]:
        """Returns the hand-offs of one stream."""
        return [
            row
            for row in self.handoffs
            if (row["subject"], row["destination"]) == (number, destination)
        ]

    def about(self, number: str) -> list[dict[str, Any]]:
        """Returns all hand-offs about one order."""
        return [row for row in self.handoffs if row["subject"] == number]

    def dead(self) -> set[tuple[str, str]]:
        """Returns the (subject, destination) of each dead hand-off."""
        return {
            (row["subject"], row["destination"]) for row in self.handoffs if row["state"] == "dead"
        }

    def assert_whole(self, dead: set[tuple[str, str]]) -> None:
        """Asserts one effect each, in order, and no dead hand-offs but the expected ones."""
        assert self.balanced
        assert self.settled
        assert self.dead() == dead
        assert self.orders
        for number, effects in (self.orders | self.complaints).items():
            for destination, count in effects.items():
                expected = 0 if (number, destination) in dead else 1
                assert count == expected, f"{number} has {count} effects in {destination}"
        assert self.sealed == 0, "a sealed payload was not emptied"
        for stream in self.streams():
            assert [row["sequence"] for row in stream] == list(range(1, len(stream) + 1))
            applied = [row["delivered_at"] for row in stream if row["state"] == "applied"]
            assert applied == sorted(applied)
            assert all(row["state"] == "applied" for row in stream[: len(applied)])


def free_port() -> int:
    """Returns a free port below those that Linux gives to outgoing connections (32768 and more).

    One of those could be taken by any connection between two starts of the same server.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
