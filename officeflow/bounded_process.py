"""Runs a script on bytes that a stranger sent, in a process with limits of memory and time.

What unpacks or decodes a small file can need any amount of memory. In a process of its own it
fails alone.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# One script at a time in each process, because each may need its whole memory.
_running = threading.BoundedSemaphore(1)
WAIT_SECONDS = 8
PAUSE = 0.1  # seconds between two looks for output
CHUNK = 1024 * 1024


class OutOfBounds(Exception):
    """The script needed more memory or time than it may have, or failed."""


class Busy(Exception):
    """Other files were being worked on for all of `WAIT_SECONDS`."""


def run_bounded(
    script: Path, data: bytes, *arguments: str, megabytes: int, seconds: int, most_bytes: int
) -> bytes:
    """Runs a Python script with `data` as its input; returns its output.

    `megabytes` limits its memory, `seconds` its time on the processor (and, four times as long,
    on the clock), `most_bytes` its output. The script sees installed packages and no project.
    Raises `OutOfBounds` and `Busy`.
    """
    limits = megabytes, seconds, most_bytes
    with _started(script, data, arguments, limits) as run:
        return b"".join(run.output(lambda: None))


@contextmanager
def bounded_lines(
    script: Path,
    data: bytes,
    *arguments: str,
    megabytes: int,
    seconds: int,
    most_bytes: int,
    alive: Callable[[], None],
) -> Iterator[Iterator[bytes]]:
    """Runs a Python script as `run_bounded` does; gives its lines while it writes them.

    `alive` is called each second in which the script writes nothing. Reading the lines raises
    `OutOfBounds`.
    """
    limits = megabytes, seconds, most_bytes
    with _started(script, data, arguments, limits) as run:
        yield _lines(run.output(alive))


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    if rest:
        yield rest


@contextmanager
def _started(
    script: Path, data: bytes, arguments: tuple[str, ...], limits: tuple[int, int, int]
) -> Iterator[_Run]:
    """Starts the script and kills it at the end if it still runs. Raises `Busy`."""
    command = [sys.executable, "-I", str(Path(__file__)), *map(str, limits), str(script)]
    # Files and no pipes, so that neither waits for the other; they have no names.
    with ExitStack() as running, tempfile.TemporaryFile() as out:
        if not _running.acquire(timeout=WAIT_SECONDS):
            raise Busy
        running.callback(_running.release)
        with tempfile.TemporaryFile() as stdin:
            stdin.write(data)
            stdin.seek(0)
            process = subprocess.Popen(  # noqa: S603 (our own script)
                [*command, *arguments],
                stdin=stdin,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={"PYTHONMALLOC": "malloc", "MALLOC_ARENA_MAX": "1"},
            )
        running.enter_context(process)
        running.callback(process.kill)  # does nothing when it has ended
        yield _Run(process, out.fileno(), time.monotonic() + 4 * limits[1], running)


@dataclass(frozen=True)
class _Run:
    """A script that runs: its process, its output, and the end of its time."""

    process: subprocess.Popen[bytes]
    out: int
    until: float
    running: ExitStack

    def output(self, alive: Callable[[], None]) -> Iterator[bytes]:
        """Yields what the script writes, while it runs. Raises `OutOfBounds`."""
        position, waited = 0, 0.0
        while True:
            has_ended = self.process.poll() is not None  # what it wrote last is read after this
            # The script writes at the file's own position.
            if chunk := os.pread(self.out, CHUNK, position):
                position += len(chunk)
                yield chunk
            elif has_ended:
                break
            elif time.monotonic() > self.until:
                raise OutOfBounds
            else:
                began = time.monotonic()
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=PAUSE)
                waited += time.monotonic() - began
                if waited >= 1:
                    waited = 0.0
                    alive()
        self.running.close()  # the next script may start
        if self.process.returncode != 0:
            raise OutOfBounds


def _limit(megabytes: int, seconds: int, most_bytes: int) -> None:
    for which, limit in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, most_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(which, (limit, limit))


if __name__ == "__main__":
    import runpy

    _limit(*map(int, sys.argv[1:4]))
    sys.argv[:] = sys.argv[4:]
    runpy.run_path(sys.argv[0], run_name="__main__")
