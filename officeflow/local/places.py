"""Where the one-command office keeps things: ``var/``, its lock, its sockets and what is running.

var/postgres  var/valkey   the data          var/log     one log for each program
var/run       the sockets  var/static        collected static files
var/secret_key             made at the first start
var/lock      held by whoever runs the engines; var/run.json says who that is and how to reach it
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from officeflow.local.postgres_user import Route, reaches
from officeflow.local.processes import Identity

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET = 107  # bytes that a unix socket's address holds
# What `make reset` deletes. Backups are kept: they are there for the day after.
OURS = (
    "postgres",
    "postgres.new",
    "valkey",
    "run",
    "log",
    "static",
    "files",
    "secret_key",
    "run.json",
)


class OfficeError(Exception):
    """The office cannot do what was asked; the message is one line that says what to do."""


class Lock:
    """A lock on a file that the kernel gives back when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        """Nothing is locked yet."""
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it."""
        # Close-on-exec, as Python opens everything: no child may keep the lock alive.
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Give it back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Var:
    """The folder ``var/`` of one office."""

    def __init__(self, path: Path) -> None:
        """Nothing is touched yet."""
        self.path = path
        self.lock = Lock(path / "lock")

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Var":
        """The folder that ``OFFICEFLOW_VAR`` names, else ``var`` in the project."""
        named = environment.get("OFFICEFLOW_VAR", "")
        return cls(Path(named).expanduser().absolute() if named else PROJECT / "var")

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's data."""
        return self.path / "valkey"

    @property
    def log(self) -> Path:
        """The folder of the logs."""
        return self.path / "log"

    def open(self) -> None:
        """Make the folder, or check that it can be used.

        Raises:
            OfficeError: it cannot.
        """
        advice = "fix this, or set OFFICEFLOW_VAR to another folder"
        if self.path.exists() and not self.path.is_dir():
            raise OfficeError(f"{self.path} is not a folder: move it away, or {advice}")
        for folder in (self.log, self.valkey, self.path / "run", self.path / "static"):
            if folder.is_file():
                raise OfficeError(f"{folder} is not a folder: move it away and start again")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, self.log):
                folder.mkdir(exist_ok=True)
                probe = folder / ".probe"
                probe.write_text("")
                probe.unlink()
        except OSError as error:
            raise OfficeError(f"{self.path} cannot be used ({error.strerror}): {advice}") from error

    def socket_dir(self, route: Route) -> Path:
        """A private folder for the sockets: in ``var/``, or under ``/tmp`` when that cannot be.

        It cannot be when the path is too long or has characters that an address would have to
        escape, when the file system has no sockets, or when PostgreSQL's account cannot get there.
        """
        inside = self.path / "run"
        if self._takes_sockets(inside) and (route.kind != "account" or reaches(route, self.path)):
            inside.mkdir(mode=0o700, exist_ok=True)
            inside.chmod(0o700)
            return inside
        outside = self._private_folder()
        outside.mkdir(mode=0o700, exist_ok=True)
        found = outside.lstat()
        # Anybody may make a folder in /tmp: one that was there before must be ours and private.
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid not in (os.geteuid(), route.uid)
            or stat.S_IMODE(found.st_mode) & 0o077
        ):
            raise OfficeError(f"{outside} is not private to this user: remove it and start again")
        return outside

    def _private_folder(self) -> Path:
        mark = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        return Path(f"/tmp/officeflow-{os.geteuid()}-{mark}")

    def _takes_sockets(self, folder: Path) -> bool:
        longest = str(folder / ".s.PGSQL.5432.lock")
        if len(longest.encode()) > LONGEST_SOCKET or not re.fullmatch(r"[\w./-]+", longest, re.A):
            return False
        probe = self.path / ".probe.sock"
        probe.unlink(missing_ok=True)
        try:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.bind(str(probe))
        except OSError:
            return False
        probe.unlink(missing_ok=True)
        return True

    def secret_key(self) -> str:
        """The office's secret key, made at the first start and readable by its user alone."""
        path = self.path / "secret_key"
        try:
            key = path.read_text().strip()
        except FileNotFoundError:
            key = ""
        except (OSError, UnicodeDecodeError) as error:
            raise OfficeError(
                f"{path} cannot be read ({error}): delete it for a new one"
            ) from error
        if len(key) >= 50:
            return key
        key = secrets.token_urlsafe(50)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(key + "\n")
        fresh.replace(path)
        return key

    def note(self, state: Mapping[str, Any]) -> None:
        """Write down who runs here; only the holder of the lock does."""
        fresh = self.path / "run.json.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(state, handle, indent=1)
        fresh.replace(self.path / "run.json")

    def noted(self) -> dict[str, Any]:
        """What was last written down; empty when nothing, or nothing readable."""
        try:
            state = json.loads((self.path / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def holder(self) -> dict[str, Any]:
        """What the living holder of the lock wrote down; empty when it has not got to it yet."""
        state = self.noted()
        identity = Identity.read(state.get("holder"))
        return state if identity is not None and identity.lives() else {}

    def wipe(self) -> None:
        """Delete everything that the office keeps here, and nothing else."""
        shutil.rmtree(self._private_folder(), ignore_errors=True)
        for name in OURS:
            path = self.path / name
            if path.is_symlink():  # data that lives where PostgreSQL's account can reach it
                shutil.rmtree(path.resolve(), ignore_errors=True)
                path.unlink()
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
