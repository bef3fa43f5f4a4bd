"""The base class of the embedded PostgreSQL and Valkey: one process, its log, start and stop."""

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
from officeflow.local.var_folder import OfficeError


class EngineError(OfficeError):
    """An engine cannot start; the message is one line that says what to do."""


def package_folder(package: str) -> Path:
    """Return the folder of an installed package, found without importing it.

    Raises:
        EngineError: the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(f"{package} is not installed: run `make run` to install it")
    return Path(spec.submodule_search_locations[0])


class Engine:
    """One server process on this machine, reached through a unix socket in a private folder."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(
        self, data_dir: Path, socket_dir: Path, settings: Mapping[str, str] | None = None
    ) -> None:
        """Touches no files yet; ``settings`` go into the engine's own configuration."""
        self.data_dir = Path(data_dir)
        self.socket_dir = Path(socket_dir)
        self.settings = dict(settings or {})
        self.log_path = self.data_dir.with_name(self.data_dir.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL for Django or Celery."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """The process id of the running engine.

        Raises:
            EngineError: the engine is not running.
        """
        if self.process is None:
            raise EngineError(f"{self.name} is not running")
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process runs; it may not answer yet."""
        return self.process is not None and self.process.poll() is None

    def prepare(self) -> None:
        """Create or check the data folder and remove stale files of a killed engine.

        Raises:
            EngineError: the folder is in use, damaged, or of another version.
        """
        raise NotImplementedError

    def argv(self) -> list[str]:
        """Return the command that runs the prepared engine in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return the engine's environment, without the caller's variables that could affect it."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
        return {**kept, "LC_ALL": "C", "TZ": "UTC"}

    def is_ready(self) -> bool:
        """Return whether the engine answers a request."""
        raise NotImplementedError

    def start(self) -> None:
        """Prepare and start the engine with its output in the log; return before it answers.

        Raises:
            EngineError: the engine is running already or cannot be prepared.
        """
        if self.running:
            raise EngineError(f"{self.name} is running already")
        self.prepare()
        handle = os.open(self.log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(handle, 0o600)
        with open(handle, "ab") as log:
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
            EngineError: the engine ended or does not answer in time.
        """
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if not self.running:
                raise EngineError(self.failure_reason())
            if time.monotonic() > deadline:
                raise EngineError(f"{self.name} does not answer after {timeout:.0f} s")
            time.sleep(0.02)

    def failure_reason(self) -> str:
        """Return one line that says why the engine ended, from its log."""
        try:
            tail = self.log_path.read_text(errors="replace").splitlines()[-60:]
        except OSError:
            tail = []
        return self.explain(tail)

    def explain(self, tail: list[str]) -> str:
        """Return one line that says why the engine ended, from the last lines of its log."""
        errors = [line for line in tail if re.search(r"FATAL|PANIC|ERROR|#", line)] or tail
        last = errors[-1] if errors else "no output"
        reason = re.sub(r"^.*?(FATAL|PANIC|ERROR|#):?\s*", "", last)
        return f"{self.name} did not start ({reason}) with its data in {self.data_dir}"

    def stop(self, timeout: float = 5.0) -> None:
        """Stop the engine in an orderly way; kill it after ``timeout`` seconds."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.resume()  # a paused process does not handle signals
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def kill(self) -> None:
        """Kill every process of the engine at once, as a power cut would."""
        if self.process is None:
            return
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Pause the engine: the kernel still accepts connections, but nothing answers."""
        self.signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Continue a paused engine."""
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to every process of the engine.

        Raises:
            EngineError: the engine is not running.
        """
        processes.signal_group(self.pid, number)

    def __enter__(self) -> Self:
        """Start the engine and wait until it answers; kill it when it does not."""
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
        """Stop the engine in an orderly way."""
        self.stop()
