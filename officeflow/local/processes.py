"""Information about processes from ``/proc``, and signals to them.

A process id alone does not identify a process, because the kernel reuses ids; an ``Identity`` adds
the start time and the boot of the machine. Without ``/proc`` the functions that search for other
processes find none.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """A process that cannot be confused with another: id, start in ticks since boot, boot id."""

    pid: int
    started: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return the identity of the process that has this id now; None when there is none."""
        fields = stat_fields(pid)
        return None if fields is None else cls(pid, int(fields[19]), boot_id())

    @classmethod
    def read(cls, data: object) -> Self | None:
        """Return the identity that ``as_dict`` gave; None when ``data`` is something else."""
        match data:
            case {"pid": int(pid), "started": int(started), "boot": str(boot)}:
                return cls(pid, started, boot)
        return None

    def as_dict(self) -> dict[str, int | str]:
        """Return the fields as values for JSON."""
        return asdict(self)

    def is_alive(self) -> bool:
        """Return whether the process still runs; a zombie does not."""
        fields = stat_fields(self.pid)
        return fields is not None and fields[0] != "Z" and type(self).of(self.pid) == self


def boot_id() -> str:
    """Return the kernel's random id of this boot; empty when there is none."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def stat_fields(pid: int) -> list[str] | None:
    """Return the fields of ``/proc/PID/stat`` after the name: state, parent, group, session, …"""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def process_ids() -> Iterator[int]:
    """Yield the ids of all visible processes."""
    try:
        names = os.listdir(PROC)
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())


def runs_in_folder(pid: int, program: str, folder: Path) -> bool:
    """Return whether the process runs this program with ``folder`` as its working directory."""
    try:
        runs = Path(os.readlink(PROC / str(pid) / "exe")).name.removesuffix(" (deleted)")
        return runs == program and os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return False


def pids_in_folder(program: str, folder: Path) -> list[int]:
    """Return the processes that run this program with ``folder`` as their working directory."""
    return [pid for pid in process_ids() if runs_in_folder(pid, program, folder)]


def pids_with_variable(variable: str, value: str) -> list[int]:
    """Return the other processes that were started with this environment variable."""
    wanted = f"{variable}={value}".encode()
    found = []
    for pid in process_ids():
        try:
            environment = (PROC / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if pid != os.getpid() and wanted in environment.split(b"\0"):
            found.append(pid)
    return found


def pids_in_session(leader: int) -> list[int]:
    """Return the running processes of the session that ``leader`` opened."""
    found = []
    for pid in process_ids():
        fields = stat_fields(pid)
        if fields is not None and fields[0] != "Z" and int(fields[3]) == leader:
            found.append(pid)
    return found


def signal_group(leader: int, number: int) -> None:
    """Signal the process group of ``leader``, a child process that has not been waited for."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def send_signal(pid: int, number: int) -> None:
    """Signal one process; does nothing when it has ended."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(condition: Callable[[], bool], timeout: float, pause: float = 0.02) -> bool:
    """Return whether ``condition`` becomes true within ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def terminate_all(identities: Iterable[Identity], signal_number: int, grace: float) -> int:
    """Signal the processes, and kill those that have not ended after ``grace`` seconds.

    Returns how many of them were running.
    """
    running = [identity for identity in identities if identity.is_alive()]
    for identity in running:
        _signal(identity, signal_number)
    if running and not wait_until(lambda: not any(one.is_alive() for one in running), grace):
        for identity in running:
            _signal(identity, signal.SIGKILL)
        wait_until(lambda: not any(one.is_alive() for one in running), 5)
    return len(running)


def _signal(identity: Identity, number: int) -> None:
    if identity.is_alive():
        send_signal(identity.pid, number)
