"""Access to a PostgreSQL database and PostgreSQL's own programs, for backup and restore."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from officeflow.local.engines import postgres_program
from officeflow.local.var_folder import OfficeError

# Databases to connect to while the office's database is created or renamed.
MAINTENANCE_DATABASES = ("postgres", "template1")


RUNS_PROGRAMS = """
SELECT EXISTS (
    SELECT FROM pg_roles
    WHERE pg_has_role(current_user, oid, 'MEMBER') AND (rolsuper OR rolname IN (
        'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'
    ))
)
"""


@dataclass(frozen=True)
class Database:
    """One database; `url` has the form of `DATABASE_URL`.

    `maintenance_url` is that of a role that may create databases, when `url`'s may not.
    """

    url: str
    maintenance_url: str = ""

    @property
    def role(self) -> str:
        """The role that owns the database's objects; empty when the URL names none."""
        return str(self.parts().get("user", ""))

    @property
    def name(self) -> str:
        """The name of the database on the server.

        Raises:
            OfficeError: the URL names no database.
        """
        name = str(self.parts().get("dbname", ""))
        if not name:
            raise OfficeError("DATABASE_URL names no database")
        return name

    def parts(self) -> dict[str, Any]:
        """Return the URL's parts under libpq's names, such as `dbname` and `host`.

        Raises:
            OfficeError: the URL is not valid.
        """
        from psycopg2 import Error
        from psycopg2.extensions import parse_dsn

        try:
            return dict(parse_dsn(self.url))
        except Error as error:
            raise OfficeError("DATABASE_URL is not a valid address") from error

    def sibling(self, name: str) -> "Database":
        """Return another database of the same server.

        Raises:
            OfficeError: the URL is not valid.
        """
        urls = []
        for url in (self.url, self.maintenance_url):
            found = re.fullmatch(r"(\w+://[^/?#]*)(?:/[^?#]*)?(.*)", url)
            if url and found is None:
                raise OfficeError("DATABASE_URL is not a valid address")
            urls.append(f"{found[1]}/{name}{found[2]}" if found else "")
        return Database(*urls)

    def may_run_programs(self) -> bool:
        """Return whether the role of `url` may run programs or read files of the server.

        A superuser may, and so may a role that is a member of one of PostgreSQL's roles for it.

        Raises:
            OfficeError: the server does not answer.
        """
        with self.maintenance_cursor(as_role=True) as cursor:
            cursor.execute(RUNS_PROGRAMS)
            return bool(cursor.fetchone() == (True,))

    @contextmanager
    def cursor(self, *, autocommit: bool = False) -> Iterator[Any]:
        """Yield a cursor on a new connection, in one transaction unless `autocommit` is true.

        Raises:
            OfficeError: the server does not answer, or a statement fails.
        """
        import psycopg2

        try:
            connection = psycopg2.connect(self.url, connect_timeout=10)
        except psycopg2.Error as error:
            raise OfficeError(f"the database does not answer: {_first_line(error)}") from error
        try:
            connection.autocommit = autocommit
            with connection.cursor() as cursor:
                yield cursor
            if not autocommit:
                connection.commit()
        except psycopg2.Error as error:
            raise OfficeError(f"the database reports: {_first_line(error)}") from error
        finally:
            connection.close()

    @contextmanager
    def maintenance_cursor(
        self, *, autocommit: bool = True, as_role: bool = False
    ) -> Iterator[Any]:
        """Yield a cursor in another database, from which this one can be created or renamed.

        With `as_role` it is the cursor of the office's role even when that may not do so.

        Raises:
            OfficeError: none of the `MAINTENANCE_DATABASES` can be connected to.
        """
        for name in MAINTENANCE_DATABASES:
            maintenance = self.sibling(name)
            if maintenance.maintenance_url and not as_role:
                maintenance = Database(maintenance.maintenance_url)
            try:
                with maintenance.cursor():
                    break
            except OfficeError:
                if name == MAINTENANCE_DATABASES[-1]:
                    raise
        with maintenance.cursor(autocommit=autocommit) as cursor:
            yield cursor

    def run_program(
        self, program: str, *arguments: str, watch: Callable[[], None] | None = None
    ) -> None:
        """Run one of PostgreSQL's programs on this database; `watch` is called twice a second.

        Raises:
            OfficeError: the program failed; its first error is in the message.
        """
        from psycopg2.extensions import make_dsn

        parts = self.parts()
        secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        path = self.program(program)
        command = [str(path), "--no-password", f"--dbname={make_dsn(**parts)}", *arguments]
        with subprocess.Popen(
            command,
            env={**kept, "LC_ALL": "C", **secret},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process:
            try:
                while True:
                    try:
                        _out, errors = process.communicate(timeout=0.5)
                        break
                    except subprocess.TimeoutExpired:
                        if watch is not None:
                            watch()
            except BaseException:
                process.terminate()
                raise
        if process.returncode != 0:
            lines = [line for line in errors.splitlines() if "error" in line.lower()]
            reason = (lines or errors.splitlines() or ["no output"])[0]
            raise OfficeError(f"{program} failed ({reason.strip()})")

    def program(self, name: str) -> Path:
        """Return the path of a program that is not older than the server.

        Raises:
            OfficeError: neither the machine nor the embedded PostgreSQL has one.
        """
        embedded = postgres_program(name)
        if str(self.parts().get("host", "")).startswith("/"):
            return embedded
        with self.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            major = int(cursor.fetchone()[0]) // 10_000
        installed = shutil.which(name)
        # The machine's own program can use TLS, which the embedded one cannot.
        for path in ([Path(installed)] if installed else []) + [embedded]:
            if (found := _major(path)) is not None and found >= major:
                return path
        raise OfficeError(f"{name} of PostgreSQL {major} or newer is needed: install it")


def _major(program: Path) -> int | None:
    try:
        output = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return None
    found = re.search(r"\) (\d+)", output)
    return int(found[1]) if found else None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


class Progress:
    """A line on the terminal that shows progress; without a terminal the task's name alone."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.is_interactive = sys.stderr.isatty()
        self._last = 0.0
        if not self.is_interactive:
            print(task, file=sys.stderr, flush=True)

    def update(self, text: str) -> None:
        """Show the progress, at most ten times a second."""
        if self.is_interactive and time.monotonic() - self._last > 0.1:
            self._last = time.monotonic()
            print(f"\r\x1b[K{self.task}: {text}", end="", file=sys.stderr, flush=True)

    def done(self, text: str) -> None:
        """Show the final figure and end the line."""
        if self.is_interactive:
            print(f"\r\x1b[K{self.task}: {text}", file=sys.stderr, flush=True)


def megabytes(size: int) -> str:
    """Return a size in bytes as text in megabytes, such as "1.5 MB"."""
    return f"{size / 1_000_000:.1f} MB"
