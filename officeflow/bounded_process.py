"""Runs a script on bytes that a stranger sent, in a process with limits of memory and time.

What unpacks or decodes a small file can need any amount of memory. In a process of its own it
fails alone.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# One script at a time in each process, because each may need its whole memory.
_running = threading.BoundedSemaphore(1)
WAIT_SECONDS = 30


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
    with bounded_output(
        script, data, *arguments, megabytes=megabytes, seconds=seconds, most_bytes=most_bytes
    ) as out:
        return out.read(most_bytes + 1)


@contextmanager
def bounded_output(
    script: Path,
    data: bytes,
    *arguments: str,
    megabytes: int,
    seconds: int,
    most_bytes: int,
    alive: Callable[[], None] = lambda: None,
) -> Iterator[IO[bytes]]:
    """Runs a Python script as `run_bounded` does; gives its output as a file.

    `alive` is called each second while the script runs.
    """
    # A file and no pipe, so that neither waits for the other; it has no name.
    with tempfile.TemporaryFile() as out:
        if not _running.acquire(timeout=WAIT_SECONDS):
            raise Busy
        try:
            _run(out, script, data, arguments, megabytes, seconds, most_bytes, alive)
        finally:
            _running.release()
        out.seek(0)
        yield out


def _run(
    out: IO[bytes],
    script: Path,
    data: bytes,
    arguments: tuple[str, ...],
    megabytes: int,
    seconds: int,
    most_bytes: int,
    alive: Callable[[], None],
) -> None:
    command = [sys.executable, "-I", str(Path(__file__)), str(megabytes), str(seconds)]
    until = time.monotonic() + 4 * seconds
    with tempfile.TemporaryFile() as stdin:
        stdin.write(data)
        stdin.seek(0)
        process = subprocess.Popen(  # noqa: S603 (our own script)
            [*command, str(most_bytes), str(script), *arguments],
            stdin=stdin,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={"PYTHONMALLOC": "malloc", "MALLOC_ARENA_MAX": "1"},
        )
        with process:
            try:
                while time.monotonic() < until:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(timeout=1)
                        break
                    alive()
            finally:
                process.kill()  # does nothing when it has ended
    if process.returncode != 0:
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
