"""What PostgreSQL and Valkey share as engines: one process, its log, and the ways to end it."""

import importlib.util
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from officeflow.local import processes
from officeflow.local.places import OfficeError


class EngineError(OfficeError):
    """An engine cannot start; the message is one line that says what to do."""


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it.

    Raises:
        EngineError: the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"{package} is not installed: run `make run` to install it")
    return Path(spec.submodule_search_locations[0])


class Engine:
    """What both engines share: one process, its log, and the ways to end it."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(
        self, data_dir: Path, socket_dir: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        """Nothing is touched yet; ``settings`` go to the engine's own configuration."""
        self.data_dir = Path(data_dir)
        self.socket_dir = Path(socket_dir)
        self.settings = dict(settings or {})
        self.log_path = self.data_dir.with_name(self.data_dir.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address to give to Django or Celery."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """The process id of the running engine.

        Raises:
            EngineError: it is not running.
        """
        if self.process is None:
            raise EngineError(f"{self.name} is not running")
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives; it may not answer yet."""
        return self.process is not None and self.process.poll() is None

    def prepare(self) -> None:
        """Make or check the data folder and clear away what a killed engine left.

        Raises:
            EngineError: the folder is in use, damaged, or of another version.
        """
        raise NotImplementedError

    def argv(self) -> list[str]:
        """The command that runs the prepared engine in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """The environment for the engine: nothing of the caller's may change how it behaves."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}

    def is_ready(self) -> bool:
        """Whether the engine answers a question."""
        raise NotImplementedError

    def start(self) -> None:
        """Prepare and start the engine; return before it answers. Its output goes to the log.

        Raises:
            EngineError: it is running already, or cannot be prepared.
        """
        if self.running:
            raise EngineError(f"{self.name} is running already")
        self.prepare()
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                start_new_session=True,
            )

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Wait until the engine answers, at most ``timeout`` seconds.

        Raises:
            EngineError: it ended, or does not answer in time.
        """
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if not self.running:
                raise EngineError(self.complaint())
            if time.monotonic() > deadline:
                raise EngineError(f"{self.name} does not answer after {timeout:.0f} s")
            time.sleep(0.02)

    def complaint(self) -> str:
        """One line: why the engine ended, by its own log."""
        try:
            tail = self.log_path.read_text(errors="replace").splitlines()[-60:]
        except OSError:
            tail = []
        return self.explain(tail)

    def explain(self, tail: list[str]) -> str:
        """One line out of the last lines of the engine's log: why it ended and what to do."""
        telling = [line for line in tail if re.search(r"FATAL|PANIC|ERROR|#", line)] or tail
        reason = (
            re.sub(r"^.*?(FATAL|PANIC|ERROR|#):?\s*", "", telling[-1]) if telling else "no word"
        )
        return f"{self.name} did not start ({reason}) with its data in {self.data_dir}"

    def stop(self, timeout: float = 5.0) -> None:
        """End the engine in good order; after ``timeout`` seconds, end it anyway."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.resume()  # a hanging one could not hear
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def kill(self) -> None:
        """End the engine as a power cut would: every process of it, at once."""
        if self.process is None:
            return
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Let the engine hang: the kernel accepts connections and nobody answers them."""
        self.signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a hanging engine go on."""
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to every process of the engine.

        Raises:
            EngineError: it is not running.
        """
        processes.signal_group(self.pid, number)

    def __enter__(self) -> Self:
        """Start and wait until it answers; an engine that does not is ended."""
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop in good order."""
        self.stop()
