"""A PostgreSQL server as backup and restore use it: its databases, and its own programs."""

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
from officeflow.local.places import OfficeError

MAINTENANCE = ("postgres", "template1")  # where one stands to make and rename databases


@dataclass(frozen=True)
class Database:
    """One database, by its address as `DATABASE_URL` writes it."""

    url: str

    @property
    def name(self) -> str:
        """Its name on the server.

        Raises:
            OfficeError: the address names none.
        """
        name = str(self.parts().get("dbname", ""))
        if not name:
            raise OfficeError("DATABASE_URL names no database")
        return name

    def parts(self) -> dict[str, Any]:
        """The address as libpq reads it.

        Raises:
            OfficeError: it cannot be read.
        """
        from psycopg2 import Error
        from psycopg2.extensions import parse_dsn

        try:
            return dict(parse_dsn(self.url))
        except Error as error:
            raise OfficeError("DATABASE_URL cannot be read") from error

    def beside(self, name: str) -> "Database":
        """Another database of the same server.

        Raises:
            OfficeError: the address cannot be read.
        """
        found = re.fullmatch(r"(\w+://[^/?#]*)(?:/[^?#]*)?(.*)", self.url)
        if found is None:
            raise OfficeError("DATABASE_URL cannot be read")
        return Database(f"{found[1]}/{name}{found[2]}")

    @contextmanager
    def session(self, *, autocommit: bool = False) -> Iterator[Any]:
        """A cursor in one transaction, or in none; closed at the end.

        Raises:
            OfficeError: the server does not answer, or refuses.
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
            raise OfficeError(f"the database refused: {_first_line(error)}") from error
        finally:
            connection.close()

    @contextmanager
    def server(self, *, autocommit: bool = True) -> Iterator[Any]:
        """A cursor in a database that is not this one, to make and rename this one from.

        Raises:
            OfficeError: no such database lets us in.
        """
        for name in MAINTENANCE:
            standing = self.beside(name)
            try:
                with standing.session():
                    break
            except OfficeError:
                if name == MAINTENANCE[-1]:
                    raise
        with standing.session(autocommit=autocommit) as cursor:
            yield cursor

    def run(self, program: str, *words: str, watch: Callable[[], None] | None = None) -> None:
        """Run one of PostgreSQL's programs on this database; `watch` is called while it works.

        Raises:
            OfficeError: it failed; its first error is in the message.
        """
        from psycopg2.extensions import make_dsn

        parts = self.parts()
        secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        path = self.program(program)
        command = [str(path), "--no-password", f"--dbname={make_dsn(**parts)}", *words]
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
                        _out, said = process.communicate(timeout=0.5)
                        break
                    except subprocess.TimeoutExpired:
                        if watch is not None:
                            watch()
            except BaseException:
                process.terminate()
                raise
        if process.returncode != 0:
            lines = [line for line in said.splitlines() if "error" in line.lower()]
            words_ = (lines or said.splitlines() or ["no output"])[0]
            raise OfficeError(f"{program} failed ({words_.strip()})")

    def program(self, name: str) -> Path:
        """The program that fits the server: ours for our engine, else one not older than it.

        Raises:
            OfficeError: there is none.
        """
        ours = postgres_program(name)
        if str(self.parts().get("host", "")).startswith("/"):
            return ours
        with self.session() as cursor:
            cursor.execute("SHOW server_version_num")
            major = int(cursor.fetchone()[0]) // 10_000
        named = shutil.which(name)
        # The machine's own can speak TLS, which ours cannot.
        for path in ([Path(named)] if named else []) + [ours]:
            if (found := _major(path)) is not None and found >= major:
                return path
        raise OfficeError(f"{name} of PostgreSQL {major} or newer is needed: install it")


def _major(program: Path) -> int | None:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return None
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no word"])[0]


class Progress:
    """One line on the terminal that counts up; silent where nobody watches."""

    def __init__(self, words: str) -> None:
        """Say what is being done."""
        self.words = words
        self.live = sys.stderr.isatty()
        self._last = 0.0
        if not self.live:
            print(words, file=sys.stderr, flush=True)

    def at(self, text: str) -> None:
        """How far it is."""
        if self.live and time.monotonic() - self._last > 0.1:
            self._last = time.monotonic()
            print(f"\r\x1b[K{self.words}: {text}", end="", file=sys.stderr, flush=True)

    def done(self, text: str = "done") -> None:
        """The end of the line."""
        if self.live:
            print(f"\r\x1b[K{self.words}: {text}", file=sys.stderr, flush=True)


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1_000_000:.1f} MB"
