"""The whole office of the drill: engines, web, worker and sweepers, each of which can be broken."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.local import postgres_user, processes
from officeflow.local.engines import DATABASE, PostgresEngine
from tests.faults.breakable_office import DESTINATIONS, PROJECT, QUICK, BreakableOffice, free_port
from tests.faults.drill.load import ask
from tests.faults.drill.wires import Wires

# Seconds, all shorter than an office has them, so that recovery can be waited for. What must be
# quick for whoever stands at the counter (publishing, the breaker) is as in an office.
LEASE, FRESH, SWEEP, FALLBACK, ATTEMPTS = 2.5, 0.5, 0.3, 2.0, 6
SETTINGS = QUICK | {
    "HANDOFF_LEASE_SECONDS": str(LEASE),
    "HANDOFF_FRESH_SECONDS": str(FRESH),
    "HANDOFF_SWEEP_SECONDS": str(SWEEP),
    "HANDOFF_FALLBACK_SECONDS": str(FALLBACK),
    "HANDOFF_MAX_ATTEMPTS": str(ATTEMPTS),
    "HANDOFF_BREAKER_SECONDS": "3",
    "HANDOFF_PUBLISH_TIMEOUT_SECONDS": "0.25",
    "WEB_LOCK_SECONDS": "3",
    "WEB_IDLE_SECONDS": "5",
    "API_RATE_PERSON": "60000/min",
    "LOG_LEVEL": "INFO",
}
KEY = "officeflow:worker:{queue}"  # where a worker says that it lives
CONNECTIONS = 40  # that PostgreSQL has in all
WORKER_POINTS = ("after_claim", "before_commit", "after_commit")
WEB_POINTS = ("posted", "before_publish", "after_publish")
AHEAD = Path(__file__).with_name("ahead")  # a folder whose sitecustomize moves a process's clock
PARTS = ("web", "worker", "sweeper")
POOL = """
[databases]
{database} = host={room}/run dbname={database} user={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 12
ignore_startup_parameters = options,extra_float_digits
logfile = {room}/pgbouncer.log
"""


class Office(BreakableOffice):
    """Everything runs on this machine; PostgreSQL keeps its promises to the disk as it comes."""

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        self.postgres = PostgresEngine(
            room / "postgres",
            room / "run",
            {"max_connections": str(CONNECTIONS), "log_lock_waits": "off"},
        )
        self.environment |= SETTINGS
        self.mended_file = room / "mended"
        self.environment["MENDED_FILE"] = str(self.mended_file)
        for name in ("worker", "worker2", "sweeper", "sweeper2"):
            self.more[name] = self._points(name, WORKER_POINTS)
        # Not for the web, which waits for its notifications while a fault may fire in it.
        self.web_points = self._points("web", WEB_POINTS)
        self.tokens: dict[str, str] = {}
        self.warmed: set[str] = set()  # orders placed by no client of a case
        self.wires = Wires(self.postgres.socket_dir, self.valkey.socket_path)
        self.held: list[Any] = []  # connections that a case keeps from the office

    def _points(self, part: str, points: tuple[str, ...]) -> dict[str, str]:
        """Fault points of one part, so that what is armed for it fires in no other."""
        faults = [f"{point}=kill:{self.faults / f'{part}-{point}'}" for point in points]
        return {"HANDOFF_FAULTS": ",".join(faults)}

    # --- opening and closing ----------------------------------------------------------------

    def open(self) -> None:
        """Starts everything and waits until it is ready."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.wait_ready()
        self.valkey.wait_ready()
        self._manage("manage.py", "migrate", "--verbosity", "0")
        self.tokens = json.loads(self._manage("-m", "tests.faults.drill.furnish"))
        for part in PARTS:
            self.start_part(part)
        self.until(self.ready, "the office is ready")
        self.warm()

    def close(self) -> None:
        """Ends everything, whatever state it is in."""
        self.release_connections()
        self.wires.close()
        super().close()

    def _manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start_part(self, part: str) -> None:
        """Starts a part that does not run; a name ending in 2 is a second one of its kind."""
        kind = part.rstrip("2")
        if kind == "worker":
            # What the one before it said of itself is not true any more.
            self.broker().delete(*(KEY.format(queue=name) for name in DESTINATIONS))
            self.launch_worker(part)
        elif kind == "sweeper":
            self.start(part, "manage.py", "sweep")
        else:
            self.launch_web()

    def launch_web(self) -> None:
        """gunicorn as the office runs it: two processes of four threads."""
        self.start(
            "web",
            *("-m", "gunicorn", "officeflow.wsgi:application", "--no-control-socket"),
            *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
            *("--log-level", "warning"),
        )

    def warm(self) -> None:
        """Every process of the web has placed an order: the first ones take longer."""
        body = {"lines": [{"sku": "MUG", "quantity": "1"}]}
        way = (self.port, self.tokens["ravi"], "POST", "/api/v1/orders/", body)

        def place() -> None:
            answer = ask(*way, f"warm-{uuid.uuid4()}")
            self.warmed.add(str(answer.body.get("number", "")))

        threads = [threading.Thread(target=place) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waiting = "SELECT count(*) FROM handoff_handoff WHERE state = 'waiting'"
        processes.wait_until(lambda: self.one(waiting) == 0, 10, pause=0.1)

    def ready(self) -> bool:
        """Whether `/readyz` says that every part is."""
        return self.get("/readyz")[0] == 200

    def answers(self) -> bool:
        """Whether the web itself answers."""
        return self.get("/healthz")[0] == 200

    def restart(self, *parts: str) -> None:
        """Kills parts and starts them again."""
        for part in parts:
            if part in self.running:
                self.kill(part)
        for part in parts:
            self.start_part(part)
        self.until(self.ready, "the office is ready again")
        if "web" in parts:
            self.warm()

    def mend(self) -> None:
        """Before each case: everything runs, nothing is armed, nothing fails on purpose."""
        self.release_connections()
        for path in self.faults.iterdir():
            path.unlink()
        for file in (self.failure_file, self.mended_file):
            file.unlink(missing_ok=True)
        for engine in (self.postgres, self.valkey):
            if engine.running:
                engine.resume()
            else:
                engine.start()
                engine.wait_ready()
        is_cold = "web" not in self.running or self.running["web"].poll() is not None
        for part in PARTS:
            if part not in self.running or self.running[part].poll() is not None:
                if part in self.running:
                    self.kill(part)
                self.start_part(part)
            self.signal(part, signal.SIGCONT)
        self.until(self.ready, "the office is ready")
        if is_cold:
            self.warm()

    # --- looking ------------------------------------------------------------------------------

    def connect(self) -> Any:
        """A connection of the harness's own, past every wire."""
        connection = psycopg2.connect(
            host=str(self.postgres.socket_dir), user=DATABASE, dbname=DATABASE, connect_timeout=3
        )
        connection.autocommit = True
        return connection

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def one(self, statement: str, *values: Any) -> Any:
        """The one value of one statement."""
        return self.sql(statement, *values)[0][0]

    def now(self) -> Any:
        """PostgreSQL's clock."""
        return self.one("SELECT clock_timestamp()")

    def broker(self) -> redis.Redis:
        """A client of the broker, past every wire."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis(
            unix_socket_path=str(self.valkey.socket_path), socket_timeout=2, retry=once
        )

    def queued(self) -> int:
        """How many notifications wait."""
        client = self.broker()
        return sum(client.llen(f"handoff.{name}") for name in DESTINATIONS)

    def has_worker(self) -> bool:
        """Whether a worker has said that it lives."""
        return bool(self.broker().exists(KEY.format(queue="fulfilment")))

    def said(self, part: str, words: str) -> int:
        """How often a part's log has these words."""
        path = self.room / f"{part}.log"
        return path.read_text(errors="replace").count(words) if path.exists() else 0

    def children_of(self, part: str) -> list[int]:
        """The processes of a part apart from the one that was started."""
        first = self.running[part].pid
        return [pid for pid in processes.pids_in_session(first) if pid != first]

    def until(self, condition: Any, what: str, patience: float = 60.0) -> None:
        """Waits for what must come; says what the logs said when it does not."""

        def come() -> bool:
            self.start_what_ended()
            return bool(condition())

        if not processes.wait_until(come, patience, pause=0.05):
            logs = [
                f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}"
                for path in sorted(self.room.glob("*.log"))
            ]
            raise AssertionError("\n".join([f"it never came that {what}", *logs]))

    # --- breaking -----------------------------------------------------------------------------

    def arm_point(self, part: str, point: str) -> None:
        """The next process of that part that comes to this point dies there."""
        (self.faults / f"{part}-{point}").touch()

    def fired_at(self, part: str, point: str) -> int:
        """How many processes of a part died at a point."""
        return len(list(self.faults.glob(f"{part}-{point}.fired-*")))

    def crash_postgres(self) -> None:
        """Restarts PostgreSQL in immediate mode: it forgets its memory and reads its log."""
        process = self.postgres.process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        self.postgres.process = None
        self.postgres.start()
        self.postgres.wait_ready()

    def crash_valkey(self, away: float = 0.0) -> None:
        """Kills Valkey; it comes back empty after so many seconds."""
        self.valkey.kill()
        shutil.rmtree(self.valkey.data_dir, ignore_errors=True)
        time.sleep(away)
        self.valkey.start()
        self.valkey.wait_ready()

    @contextlib.contextmanager
    def reaching(self, *parts: str, **addresses: str) -> Iterator[None]:
        """Parts of the office reach an engine at another address, such as `REDIS_URL`.

        A part that was started again meanwhile reaches it there as well, and goes back with them.
        """
        before = dict(self.environment)
        self.environment |= addresses
        running = dict(self.running)
        try:
            self.restart(*parts)
            yield
        finally:
            self.environment = before
            begun = {name for name, part in self.running.items() if part is not running.get(name)}
            self.restart(*(begun | set(parts)))

    @contextlib.contextmanager
    def rewired(self, engine: str) -> Iterator[Wires]:
        """The web and the worker reach an engine over TCP, through a wire that can be cut."""
        self.wires.open()
        port = self.wires.ports[engine]
        at = f"redis://127.0.0.1:{port}/0"
        name = "REDIS_URL"
        if engine == "postgres":
            name, at = "DATABASE_URL", f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
        try:
            with self.reaching("web", "worker", **{name: at}):
                yield self.wires
        finally:
            self.wires.close()

    @contextlib.contextmanager
    def pooled(self) -> Iterator[None]:
        """Everybody reaches PostgreSQL through PgBouncer in transaction mode."""
        port = free_port()
        file = self.room / "pgbouncer.ini"
        file.write_text(POOL.format(database=DATABASE, room=self.room, port=port))
        pool = subprocess.Popen(
            [
                *postgres_user.launcher(self.postgres.run_as, os.getpid(), signal.SIGKILL),
                *(str(shutil.which("pgbouncer")), str(file)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        at = f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
        try:
            with self.reaching(*PARTS, DATABASE_URL=at):
                yield
        finally:
            pool.kill()
            pool.wait()

    @contextlib.contextmanager
    def different(self, part: str, **more: str) -> Iterator[None]:
        """A part runs with additions to its environment."""
        before = dict(self.more.get(part, {}))
        self.more[part] = before | more
        try:
            self.restart(part)
            yield
        finally:
            self.more[part] = before
            self.restart(part)

    @contextlib.contextmanager
    def second(self, part: str) -> Iterator[None]:
        """Another of a part runs beside the first."""
        self.start_part(f"{part}2")
        try:
            yield
        finally:
            self.kill(f"{part}2")

    def release_connections(self) -> None:
        """Gives back the connections that a case kept."""
        for connection in self.held:
            with contextlib.suppress(psycopg2.Error):
                connection.close()
        self.held.clear()
