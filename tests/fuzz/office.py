"""The office of `make fuzz`: as `make run` starts it, in a temporary folder, with the demo."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from officeflow.local import postgres_user
from officeflow.local.output import say
from officeflow.local.var_folder import PROJECT, OfficeError
from tests.faults.breakable_office import free_port

START_SECONDS = 240.0
STOP_SECONDS = 30.0
SETTLE_SECONDS = 120.0
DEMO_DAYS = 2
# Limits of calls and of sign-ins would answer 429 to all but the first requests. Sign-ins with
# generated names are refused by the lock-out soon enough.
NO_LIMIT = "1000000/min"


class Office:
    """A running office; a context manager that starts and stops it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="officeflow-fuzz-", dir="/tmp")
        Path(self.folder.name).chmod(0o711)
        self.log = Path(self.folder.name) / "office.log"
        kept = {
            key: value
            for key, value in os.environ.items()
            if key not in ("DATABASE_URL", "REDIS_URL", "HOST", "OFFICEFLOW_MODE", "ARGS")
        }
        self.environment = kept | {
            "OFFICEFLOW_VAR": f"{self.folder.name}/var",
            "PORT": str(self.port),
            "DEMO": "1",
            "DEMO_DAYS": str(DEMO_DAYS),
            "API_RATE_PERSON": NO_LIMIT,
            "API_RATE_ADDRESS": NO_LIMIT,
            "API_RATE_SIGN_IN": NO_LIMIT,
        }

    @property
    def address(self) -> str:
        """The URL of the web."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        say(f"starting an office with a demo company at {self.address}")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *postgres_user.launcher(None, os.getpid(), signal.SIGTERM),
                    *(sys.executable, "-m", "officeflow.local", "run"),
                ],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stop()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                last = self.log.read_text(errors="replace").strip().splitlines()[-5:]
                raise OfficeError("the office does not start:\n" + "\n".join(last))
            time.sleep(0.5)

    def _stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def is_ready(self) -> bool:
        """Returns whether the web, the worker, the sweeper and the engines are ready."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.address}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a management command in the office."""
        return subprocess.run(
            [sys.executable, "-m", "officeflow.local", "manage", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, call: str) -> Any:
        """Returns what a call of a function of `office_data` prints. Raises `OfficeError`."""
        code = f"from tests.fuzz import office_data; office_data.{call}"
        done = self.manage("shell", "-v", "0", "-c", code)
        if done.returncode:
            raise OfficeError(f"{call}: {done.stderr.strip()[-2000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def check(self) -> list[str]:
        """Returns what is wrong with the hand-offs and effects when no hand-off waits any more."""
        if not self.is_ready():
            return ["the office is not ready any more: /readyz"]
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            done = self.manage("check_consistency")
            lines = done.stdout.splitlines()
            if done.returncode == 0 and ", waiting 0," in lines[0]:
                break
            if time.monotonic() > deadline:
                return [*lines, *done.stderr.splitlines()[-1:]]
            time.sleep(2)
        say(lines[0])
        return [f"dead hand-off: {' '.join(row)}" for row in self.ask("dead()")]
