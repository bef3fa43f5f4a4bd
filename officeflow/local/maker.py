"""The ``make`` around the office."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass

from officeflow.local import processes
from officeflow.local.launch import die_with


@dataclass
class MakeProcess:
    """The ``make`` that runs us, when there is one.

    make hands SIGTERM on to its recipe but keeps SIGINT and SIGHUP to itself, because a terminal
    sends them to everybody. Sent to make alone they would leave it waiting for us for ever. What
    shows is that it no longer catches the signal.
    """

    pid: int
    caught: int

    @classmethod
    def of(cls, pid: int) -> "MakeProcess":
        """Watch the parent when it is make; die with it then."""
        try:
            name = (processes.PROC / str(pid) / "comm").read_text().strip()
        except OSError:
            name = ""
        if name not in ("make", "gmake"):
            return cls(0, 0)
        die_with(pid, signal.SIGTERM)
        return cls(pid, cls._catches(pid))

    def stop_requested(self) -> bool:
        """Whether make got a signal that it does not hand on."""
        return self.pid > 0 and self._catches(self.pid) != self.caught

    @staticmethod
    def _catches(pid: int) -> int:
        """Which of the two signals the process catches, as a set of bits."""
        both = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1)
        try:
            status = (processes.PROC / str(pid) / "status").read_text()
        except OSError:
            return 0
        lines: Iterator[str] = (line for line in status.splitlines() if line.startswith("SigCgt"))
        return int(next(lines, "SigCgt: 0").split()[1], 16) & both
