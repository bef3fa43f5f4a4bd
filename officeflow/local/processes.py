"""What the kernel says about processes: who lives, since when, in which folder and session.

A process id alone names nobody, because ids are given out again. An identity here is the id with
the moment its process started and the boot of the machine. Where there is no ``/proc`` the
questions about other processes answer "nobody", which makes the callers do less, never more.
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
    """One process for good: its id, its start in clock ticks since boot, and which boot."""

    pid: int
    started: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The identity of the process that has this id now; None when there is none."""
        fields = stat_fields(pid)
        return None if fields is None else cls(pid, int(fields[19]), boot())

    @classmethod
    def read(cls, data: object) -> Self | None:
        """The identity that ``as_data`` wrote; None when it is something else."""
        match data:
            case {"pid": int(pid), "started": int(started), "boot": str(boot)}:
                return cls(pid, started, boot)
        return None

    def as_data(self) -> dict[str, int | str]:
        """Plain values for JSON."""
        return asdict(self)

    def lives(self) -> bool:
        """Whether this very process still runs (a zombie does not)."""
        fields = stat_fields(self.pid)
        return fields is not None and fields[0] != "Z" and type(self).of(self.pid) == self


def boot() -> str:
    """A word that differs between two boots of this machine."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def stat_fields(pid: int) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` after the name: state, parent, group, session, …"""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def everyone() -> Iterator[int]:
    """The ids of all processes that can be seen."""
    try:
        names = os.listdir(PROC)
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())


def works_in(pid: int, program: str, folder: Path) -> bool:
    """Whether this process runs a program of that name with ``folder`` as its own."""
    try:
        runs = Path(os.readlink(PROC / str(pid) / "exe")).name.removesuffix(" (deleted)")
        return runs == program and os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return False


def working_in(program: str, folder: Path) -> list[int]:
    """The processes that run such a program with ``folder`` as their own."""
    return [pid for pid in everyone() if works_in(pid, program, folder)]


def carrying(variable: str, value: str) -> list[int]:
    """The processes, apart from this one, that were started with this environment variable."""
    wanted = f"{variable}={value}".encode()
    found = []
    for pid in everyone():
        try:
            environment = (PROC / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if pid != os.getpid() and wanted in environment.split(b"\0"):
            found.append(pid)
    return found


def in_session(leader: int) -> list[int]:
    """The living processes of the session that ``leader`` opened."""
    found = []
    for pid in everyone():
        fields = stat_fields(pid)
        if fields is not None and fields[0] != "Z" and int(fields[3]) == leader:
            found.append(pid)
    return found


def signal_group(leader: int, number: int) -> None:
    """Signal the process group of ``leader``, a child of ours that has not been waited for."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def send(pid: int, number: int) -> None:
    """Signal one process; harmless when it is gone."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(condition: Callable[[], bool], timeout: float, pause: float = 0.02) -> bool:
    """Whether ``condition`` comes true within ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def end_all(whom: Iterable[Identity], signal_number: int, grace: float) -> int:
    """Ask these processes to end and kill those that do not within ``grace`` seconds.

    Returns how many there were. Each is signalled only while it is still the same process.
    """
    living = [identity for identity in whom if identity.lives()]
    for identity in living:
        _signal(identity, signal_number)
    if living and not wait_until(lambda: not any(one.lives() for one in living), grace):
        for identity in living:
            _signal(identity, signal.SIGKILL)
        wait_until(lambda: not any(one.lives() for one in living), 5)
    return len(living)


def _signal(identity: Identity, number: int) -> None:
    if identity.lives():
        send(identity.pid, number)
