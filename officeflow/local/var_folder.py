"""The folder ``var/`` of the one-command office, its lock and the state of the running office.

var/postgres  var/valkey   the engines' data     var/log     one log for each program
var/run       the sockets                        var/static  collected static files
var/secret_key             made at the first start
var/lock      held by the process that runs the engines
var/run.json  the process id of that process, its children and the engines' addresses
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

from officeflow.local.postgres_user import RunAs
from officeflow.local.processes import Identity

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("officeflow", "frontdesk", "backoffice")
MAX_SOCKET_PATH = 107  # bytes
# What `make reset` deletes. Backups are kept, so that deleted data can still be restored.
DATA_NAMES = (
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
    """A command on the office failed; the message is one line that says what to do."""


class Lock:
    """A lock on a file, which the kernel releases when the process that holds it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock and return True; return False when another process holds it."""
        # Python opens files close-on-exec, so no child process keeps the lock.
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Release the lock if it is held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Var:
    """The folder ``var/`` of one office."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = Lock(path / "lock")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Var":
        """Return the folder that ``OFFICEFLOW_VAR`` names, else ``var`` in the project."""
        named = environment.get("OFFICEFLOW_VAR", "")
        return cls(Path(named).expanduser().absolute() if named else PROJECT / "var")

    @property
    def postgres(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """The data folder of Valkey."""
        return self.path / "valkey"

    @property
    def log(self) -> Path:
        """The folder of the logs."""
        return self.path / "log"

    def open(self) -> None:
        """Create the folder, or check that it can be used.

        Raises:
            OfficeError: the folder cannot be created or written.
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
                if folder == self.log:
                    folder.chmod(0o700)
                probe = folder / ".probe"
                probe.write_text("")
                probe.unlink()
        except OSError as error:
            raise OfficeError(f"{self.path} cannot be used ({error.strerror}): {advice}") from error

    def socket_dir(self, run_as: RunAs) -> Path:
        """Return a private folder for the sockets: ``var/run``, else a folder under ``/tmp``.

        ``/tmp`` is used when the path of ``var/`` is too long or has characters that an address
        would have to escape, when its file system has no sockets, or when PostgreSQL's account
        cannot enter it.

        Raises:
            OfficeError: the folder under ``/tmp`` belongs to another user or is not private.
        """
        inside = self.path / "run"
        if self._can_hold_sockets(inside) and (
            run_as.kind != "account" or run_as.can_enter(self.path)
        ):
            inside.mkdir(mode=0o700, exist_ok=True)
            inside.chmod(0o700)
            return inside
        outside = self._private_folder()
        outside.mkdir(mode=0o700, exist_ok=True)
        found = outside.lstat()
        # Every user may create folders in /tmp: an existing one must be private and our own.
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid not in (os.geteuid(), run_as.uid)
            or stat.S_IMODE(found.st_mode) & 0o077
        ):
            raise OfficeError(f"{outside} is not private to this user: remove it and start again")
        return outside

    def _private_folder(self) -> Path:
        digest = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        return Path(f"/tmp/officeflow-{os.geteuid()}-{digest}")

    def _can_hold_sockets(self, folder: Path) -> bool:
        longest = str(folder / ".s.PGSQL.5432.lock")
        if len(longest.encode()) > MAX_SOCKET_PATH or not re.fullmatch(r"[\w./-]+", longest, re.A):
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
        """Return the office's secret key; the first call creates it, readable by its user alone.

        Raises:
            OfficeError: the file cannot be read.
        """
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

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Write ``run.json``; only the process that holds the lock calls this."""
        fresh = self.path / "run.json.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(state, handle, indent=1)
        fresh.replace(self.path / "run.json")

    def read_state(self) -> dict[str, Any]:
        """Return the content of ``run.json``; empty when it is missing or unreadable."""
        try:
            state = json.loads((self.path / "run.json").read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def holder_state(self) -> dict[str, Any]:
        """Return the state that the running holder of the lock wrote; empty before it wrote any."""
        state = self.read_state()
        identity = Identity.read(state.get("holder"))
        return state if identity is not None and identity.is_alive() else {}

    def holder_pid(self) -> int | str:
        """Return the process id of the lock's running holder, or "unknown"."""
        holder = self.holder_state().get("holder")
        return int(holder["pid"]) if holder else "unknown"

    def delete_data(self) -> None:
        """Delete the office's data and nothing else in the folder."""
        shutil.rmtree(self._private_folder(), ignore_errors=True)
        for name in DATA_NAMES:
            path = self.path / name
            if path.is_symlink():  # the data is where PostgreSQL's account can reach it
                shutil.rmtree(path.resolve(), ignore_errors=True)
                path.unlink()
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
