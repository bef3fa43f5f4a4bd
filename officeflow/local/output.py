"""What the programs say: into a log for each, and with its name in front onto the terminal."""

import contextlib
import os
import select
import sys
from pathlib import Path
from typing import BinaryIO

LOG_SIZE = 5_000_000  # bytes; a full log becomes NAME.log.1
NAME_WIDTH = 9


class Terminal:
    """Standard error. Whoever does not read it can never make the supervisor wait."""

    def __init__(self, handle: int = 2) -> None:
        """Write to a file descriptor."""
        self.handle = handle

    @property
    def live(self) -> bool:
        """Whether a person watches, so that a line may be written over."""
        return os.isatty(self.handle)

    def line(self, text: str, name: str = "office") -> None:
        """One line with its author's name in front."""
        self.write(f"{name:<{NAME_WIDTH}}| {text}\n")

    def write(self, text: str) -> None:
        """Write what fits without waiting; what does not is in the log anyway."""
        data = text.encode(errors="replace")
        with contextlib.suppress(OSError):  # a closed terminal is no reason to stop the office
            for start in range(0, len(data), select.PIPE_BUF):
                poll = select.poll()
                poll.register(self.handle, select.POLLOUT)
                if poll.poll(0):
                    os.write(self.handle, data[start : start + select.PIPE_BUF])


class Log:
    """One program's log: kept to a size, and its last lines remembered."""

    def __init__(self, path: Path) -> None:
        """Open the log at its end."""
        self.path = path
        self.tail: list[str] = []
        self._rest = b""
        self._file: BinaryIO = path.open("ab")

    def feed(self, data: bytes) -> list[str]:
        """Take what the program wrote; give back the lines that are now whole."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LOG_SIZE:  # a program that never ends its line
            whole, self._rest = [*whole, self._rest], b""
        lines = [line.decode(errors="replace").rstrip("\r") for line in whole]
        if lines:
            with contextlib.suppress(OSError):  # a full disk is no reason to stop the office
                self._file.write(b"\n".join(whole) + b"\n")
                self._file.flush()
                if self._file.tell() > LOG_SIZE:
                    self._turn()
            self.tail = (self.tail + lines)[-60:]
        return lines

    def close(self) -> None:
        """Write what is left and close the file."""
        if self._rest:
            self.feed(b"\n")
        self._file.close()

    def last_words(self) -> str:
        """The last line that says something."""
        return next((line.strip() for line in reversed(self.tail) if line.strip()), "no output")

    def _turn(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self.path.open("ab")


def say(text: str) -> None:
    """One line on standard error, for the commands that have no supervisor."""
    print(text, file=sys.stderr, flush=True)
