"""The output of the office's programs: a log file for each, and prefixed lines on the terminal."""

import contextlib
import os
import select
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from officeflow.local.run_options import TRUE
from officeflow.local.var_folder import OfficeError

LOG_SIZE = 5_000_000  # bytes; a full log becomes NAME.log.1
NAME_WIDTH = 9


class Terminal:
    """Standard error. Writing never blocks, even when nobody reads the terminal."""

    def __init__(self, handle: int = 2) -> None:
        self.handle = handle  # a file descriptor

    @property
    def is_interactive(self) -> bool:
        """Whether this is a terminal, so that a line may be overwritten."""
        return os.isatty(self.handle)

    def line(self, text: str, name: str = "office") -> None:
        """Write one line, prefixed with the name of the program that it comes from."""
        self.write(f"{name:<{NAME_WIDTH}}| {text}\n")

    def write(self, text: str) -> None:
        """Write as much as the terminal takes without blocking; the log has all of it."""
        data = text.encode(errors="replace")
        with contextlib.suppress(OSError):  # a closed terminal must not stop the office
            for start in range(0, len(data), select.PIPE_BUF):
                poll = select.poll()
                poll.register(self.handle, select.POLLOUT)
                if poll.poll(0):
                    os.write(self.handle, data[start : start + select.PIPE_BUF])


def private(path: str, flags: int) -> int:
    """Open a file that its owner alone can read; an ``opener`` for ``open``."""
    handle = os.open(path, flags, 0o600)
    with contextlib.suppress(OSError):  # made by an earlier version, or another user's
        os.fchmod(handle, 0o600)
    return handle


def is_sign_in(line: str) -> bool:
    """Return whether a line of output is one of the demo's sign-ins: role, user and password."""
    return line.count("\t") == 2 and all(line.split("\t"))


class Log:
    """The log file of one program, rotated at ``LOG_SIZE``; ``tail`` holds its last 60 lines.

    The file has no sign-ins. With ``fresh`` it begins anew.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        self.path = path
        self.tail: list[str] = []
        self._rest = b""
        if fresh:
            path.unlink(missing_ok=True)
        self._file: BinaryIO = self._open()

    def _open(self) -> BinaryIO:
        return open(self.path, "ab", opener=private)

    def feed(self, data: bytes) -> list[str]:
        """Append the program's output to the log and return the lines that it completed."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LOG_SIZE:  # a program that never ends its line
            whole, self._rest = [*whole, self._rest], b""
        lines = [line.decode(errors="replace").rstrip("\r") for line in whole]
        if lines:
            with contextlib.suppress(OSError):  # a full disk must not stop the office
                kept = [raw for raw, line in zip(whole, lines, strict=True) if not is_sign_in(line)]
                self._file.write(b"".join(line + b"\n" for line in kept))
                self._file.flush()
                if self._file.tell() > LOG_SIZE:
                    self._rotate()
            self.tail = (self.tail + lines)[-60:]
        return lines

    def close(self) -> None:
        """Write an unfinished last line and close the file."""
        if self._rest:
            self.feed(b"\n")
        self._file.close()

    def last_line(self) -> str:
        """Return the last line that is not empty, or "no output"."""
        return next((line.strip() for line in reversed(self.tail) if line.strip()), "no output")

    def _rotate(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_name(self.path.name + ".1"))
        self._file = self._open()


def say(text: str) -> None:
    """Print one line on standard error, for the commands that have no supervisor."""
    print(text, file=sys.stderr, flush=True)


def confirm(question: str, environment: Mapping[str, str], *, unchanged: str, command: str) -> None:
    """Return when ``YES=1`` is set or the person at the terminal types "yes".

    ``unchanged`` says that nothing was done, ``command`` how to do it without a terminal.

    Raises:
        OfficeError: nobody confirmed; the message begins with ``unchanged``.
    """
    if environment.get("YES", "").lower() in TRUE:
        return
    if not sys.stdin.isatty():
        raise OfficeError(f"{unchanged}: there is no terminal to confirm; use {command}")
    try:
        answer = input(question)
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise OfficeError(unchanged)
