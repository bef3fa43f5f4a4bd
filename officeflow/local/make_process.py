"""The ``make`` process that runs this one."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass

from officeflow.local import processes
from officeflow.local.launch import set_death_signal


@dataclass
class MakeProcess:
    """The parent process when it is ``make``; ``pid`` is 0 when it is not.

    make passes SIGTERM on to its recipe, but not SIGINT and SIGHUP, because a terminal sends those
    to all processes. When make alone gets one of them, it waits for its recipe for ever; it then no
    longer catches the signal, which is how ``stop_requested`` notices it.
    """

    pid: int
    caught: int

    @classmethod
    def of(cls, pid: int) -> "MakeProcess":
        """Return the parent; when it is make, this process gets SIGTERM when make dies."""
        try:
            name = (processes.PROC / str(pid) / "comm").read_text().strip()
        except OSError:
            name = ""
        if name not in ("make", "gmake"):
            return cls(0, 0)
        set_death_signal(pid, signal.SIGTERM)
        return cls(pid, cls._catches(pid))

    def stop_requested(self) -> bool:
        """Return whether make got a signal that it does not pass on."""
        return self.pid > 0 and self._catches(self.pid) != self.caught

    @staticmethod
    def _catches(pid: int) -> int:
        """Return the bits of SIGINT and SIGHUP that the process catches."""
        both = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1)
        try:
            status = (processes.PROC / str(pid) / "status").read_text()
        except OSError:
            return 0
        lines: Iterator[str] = (line for line in status.splitlines() if line.startswith("SigCgt"))
        return int(next(lines, "SigCgt: 0").split()[1], 16) & both
