"""The office of the drill: engines, web, worker and sweeper, in each of which faults can happen."""

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
from tests.faults.breakable_office import (
    DESTINATIONS,
    PROJECT,
    SHORT_INTERVALS,
    BreakableOffice,
    free_port,
)
from tests.faults.drill.load import ask
from tests.faults.drill.relays import Relays

# Shorter intervals than in production, in seconds, so that recovery is fast. The time-outs of
# publishing and of the breaker are those of production.
LEASE, FRESH, SWEEP, FALLBACK, ATTEMPTS = 2.5, 0.5, 0.3, 2.0, 6
SETTINGS = SHORT_INTERVALS | {
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
KEY = "officeflow:worker:{queue}"  # the worker's heartbeat in Redis
CONNECTIONS = 40  # PostgreSQL's max_connections
WORKER_POINTS = ("after_claim", "before_commit", "after_commit")
WEB_POINTS = ("posted", "before_publish", "after_publish")
CLOCK_AHEAD = Path(__file__).with_name(
    "clock_ahead"
)  # its sitecustomize sets a process's clock ahead
PARTS = ("web", "worker", "sweeper")
POOL = """
[databases]
{database} = host={folder}/run dbname={database} user={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 12
ignore_startup_parameters = options,extra_float_digits
logfile = {folder}/pgbouncer.log
"""


class Office(BreakableOffice):
    """The whole office on this machine; PostgreSQL writes to the disk as in production."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.postgres = PostgresEngine(
            folder / "postgres",
            folder / "run",
            {"max_connections": str(CONNECTIONS), "log_lock_waits": "off"},
        )
        self.environment |= SETTINGS
        self.repaired_file = folder / "repaired"
        self.environment["REPAIRED_FILE"] = str(self.repaired_file)
        for name in ("worker", "worker2", "sweeper", "sweeper2"):
            self.more[name] = self._points(name, WORKER_POINTS)
        # Cases set these for the web when they need them.
        self.web_points = self._points("web", WEB_POINTS)
        self.tokens: dict[str, str] = {}
        self.warm_up_orders: set[str] = set()  # orders placed by no client of a case
        self.relays = Relays(self.postgres.socket_dir, self.valkey.socket_path)
        self.held: list[Any] = []  # database connections that a case occupies

    def _points(self, part: str, points: tuple[str, ...]) -> dict[str, str]:
        """Returns the variable with fault points for one part alone."""
        faults = [f"{point}=kill:{self.faults / f'{part}-{point}'}" for point in points]
        return {"HANDOFF_FAULTS": ",".join(faults)}

    def open(self) -> None:
        """Starts everything and waits until the office is ready."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.wait_ready()
        self.valkey.wait_ready()
        self._manage("manage.py", "migrate", "--verbosity", "0")
        self.tokens = json.loads(self._manage("-m", "tests.faults.drill.create_data"))
        for part in PARTS:
            self.start_part(part)
        self.until(self.ready, "the office is ready")
        self.warm_up()

    def close(self) -> None:
        """Ends everything, in whatever state it is."""
        self.release_connections()
        self.relays.close()
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
        """Starts a part; a name ending in 2 is a second process of its kind."""
        kind = part.rstrip("2")
        if kind == "worker":
            # The heartbeats of an earlier worker are out of date.
            self.broker().delete(*(KEY.format(queue=name) for name in DESTINATIONS))
            self.launch_worker(part)
        elif kind == "sweeper":
            self.start(part, "manage.py", "sweep")
        else:
            self.launch_web()

    def launch_web(self) -> None:
        """Starts the web server as the office runs it: two processes of four threads."""
        self.start(
            "web",
            *("-m", "officeflow.web_server", "--listen", f"127.0.0.1:{self.port}"),
        )

    def warm_up(self) -> None:
        """Places orders in every process of the web, because the first ones take longer."""
        body = {"lines": [{"sku": "MUG", "quantity": "1"}]}
        request = (self.port, self.tokens["ravi"], "POST", "/api/v1/orders/", body)

        def place() -> None:
            answer = ask(*request, f"warm-{uuid.uuid4()}")
            self.warm_up_orders.add(str(answer.body.get("number", "")))

        threads = [threading.Thread(target=place) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waiting = "SELECT count(*) FROM handoff_handoff WHERE state = 'waiting'"
        processes.wait_until(lambda: self.one(waiting) == 0, 10, pause=0.1)

    def ready(self) -> bool:
        """Returns whether `/readyz` reports every part as ready."""
        return self.get("/readyz")[0] == 200

    def answers(self) -> bool:
        """Returns whether the web itself answers."""
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
            self.warm_up()

    def repair(self) -> None:
        """Before each case: restarts ended parts and removes all faults."""
        self.release_connections()
        for path in self.faults.iterdir():
            path.unlink()
        for file in (self.failure_file, self.repaired_file):
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
            self.warm_up()

    def connect(self) -> Any:
        """Returns a direct connection to PostgreSQL, through no relay."""
        connection = psycopg2.connect(
            host=str(self.postgres.socket_dir), user=DATABASE, dbname=DATABASE, connect_timeout=3
        )
        connection.autocommit = True
        return connection

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Runs a statement; returns its rows."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def one(self, statement: str, *values: Any) -> Any:
        """Runs a statement; returns its one value."""
        return self.sql(statement, *values)[0][0]

    def now(self) -> Any:
        """Returns the time of PostgreSQL's clock."""
        return self.one("SELECT clock_timestamp()")

    def broker(self) -> redis.Redis:
        """Returns a direct client of the broker, through no relay."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis(
            unix_socket_path=str(self.valkey.socket_path), socket_timeout=2, retry=once
        )

    def queued(self) -> int:
        """Returns the number of notifications in the queues."""
        client = self.broker()
        return sum(client.llen(f"handoff.{name}") for name in DESTINATIONS)

    def has_worker(self) -> bool:
        """Returns whether a worker has a heartbeat."""
        return bool(self.broker().exists(KEY.format(queue="fulfilment")))

    def count_in_log(self, part: str, words: str) -> int:
        """Returns how often a part's log contains these words."""
        path = self.folder / f"{part}.log"
        return path.read_text(errors="replace").count(words) if path.exists() else 0

    def children_of(self, part: str) -> list[int]:
        """Returns the child processes of a part."""
        first = self.running[part].pid
        return [pid for pid in processes.pids_in_session(first) if pid != first]

    def arm_point(self, part: str, point: str) -> None:
        """Lets the next process of the part that reaches the point die there."""
        (self.faults / f"{part}-{point}").touch()

    def fired_at(self, part: str, point: str) -> int:
        """Returns the number of the part's processes that died at the point."""
        return len(list(self.faults.glob(f"{part}-{point}.fired-*")))

    def crash_postgres(self) -> None:
        """Restarts PostgreSQL in immediate mode: it loses its memory and recovers from its log."""
        process = self.postgres.process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        self.postgres.process = None
        self.postgres.start()
        self.postgres.wait_ready()

    def crash_valkey(self, away: float = 0.0) -> None:
        """Kills Valkey and starts it without data after `away` seconds."""
        self.valkey.kill()
        shutil.rmtree(self.valkey.data_dir, ignore_errors=True)
        time.sleep(away)
        self.valkey.start()
        self.valkey.wait_ready()

    @contextlib.contextmanager
    def with_addresses(self, *parts: str, **addresses: str) -> Iterator[None]:
        """Restarts parts of the office with other addresses of the engines, such as `REDIS_URL`.

        At the end these parts, and others that were started meanwhile, get the usual ones again.
        """
        before = dict(self.environment)
        self.environment |= addresses
        running = dict(self.running)
        try:
            self.restart(*parts)
            yield
        finally:
            self.environment = before
            started = {name for name, part in self.running.items() if part is not running.get(name)}
            self.restart(*(started | set(parts)))

    @contextlib.contextmanager
    def through_relay(self, engine: str) -> Iterator[Relays]:
        """Lets the web and the worker reach an engine through a relay."""
        self.relays.open()
        port = self.relays.ports[engine]
        if engine == "postgres":
            address = {"DATABASE_URL": f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"}
        else:
            address = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        try:
            with self.with_addresses("web", "worker", **address):
                yield self.relays
        finally:
            self.relays.close()

    @contextlib.contextmanager
    def through_pgbouncer(self) -> Iterator[None]:
        """Lets all parts reach PostgreSQL through PgBouncer in transaction mode."""
        port = free_port()
        file = self.folder / "pgbouncer.ini"
        file.write_text(POOL.format(database=DATABASE, folder=self.folder, port=port))
        pool = subprocess.Popen(
            [
                *postgres_user.launcher(self.postgres.run_as, os.getpid(), signal.SIGKILL),
                *(str(shutil.which("pgbouncer")), str(file)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        url = f"postgres://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
        try:
            with self.with_addresses(*PARTS, DATABASE_URL=url):
                yield
        finally:
            pool.kill()
            pool.wait()

    @contextlib.contextmanager
    def with_environment(self, part: str, **more: str) -> Iterator[None]:
        """Restarts a part with additional environment variables, and at the end without them."""
        before = dict(self.more.get(part, {}))
        self.more[part] = before | more
        try:
            self.restart(part)
            yield
        finally:
            self.more[part] = before
            self.restart(part)

    @contextlib.contextmanager
    def second_process(self, part: str) -> Iterator[None]:
        """Runs a second process of a part."""
        self.start_part(f"{part}2")
        try:
            yield
        finally:
            self.kill(f"{part}2")

    def release_connections(self) -> None:
        """Closes the connections that a case occupies."""
        for connection in self.held:
            with contextlib.suppress(psycopg2.Error):
                connection.close()
        self.held.clear()
