"""An office of its own for a benchmark: engines, and the programs as `make run` starts them."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from officeflow.local import postgres_user, processes
from officeflow.local.engines import TEST_SETTINGS, PostgresEngine, ValkeyEngine
from officeflow.local.office_run import missing_parts
from officeflow.local.office_servers import exit_on_signals
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import PROJECT, Var

# For filling and indexing many rows at once; `restart_engine` goes on with those of `make run`.
FILL_SETTINGS = TEST_SETTINGS | {
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "maintenance_work_mem": "512MB",
    "work_mem": "64MB",
    "shared_buffers": "512MB",
}
# As `officeflow.local.office_run` starts them.
PROGRAMS = {
    "web": ["-m", "officeflow.web_server", "--fd", "{fd}"],
    "worker": ["-W", "ignore", "manage.py", "work", "--processes", "2"],
    "sweeper": ["manage.py", "sweep"],
}
READY_SECONDS = 60.0
TICK = 1 / os.sysconf("SC_CLK_TCK")


class RunningOffice:
    """A folder with an office's data, its engines and the programs that were started.

    A context; SIGTERM ends it as Ctrl-C does.
    """

    def __init__(self) -> None:
        self.signals = exit_on_signals()
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.var = Var(self.folder)
        self.var.open()
        self.postgres = PostgresEngine(self.var.postgres, self.folder / "run", FILL_SETTINGS)
        self.valkey = ValkeyEngine(self.var.valkey, self.folder / "run")
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self.listener.getsockname()[1]
        self.options = RunOptions.from_environment({"PORT": str(self.port), "DEMO": "0"})

    def __enter__(self) -> RunningOffice:
        self.signals.__enter__()
        try:
            for engine in (self.postgres, self.valkey):
                engine.start()
            for engine in (self.postgres, self.valkey):
                engine.wait_ready()
            self.environment = self._environment()
            os.environ |= self.environment | {"DATABASE_URL": self.postgres.superuser_url}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.programs):
            self.stop(name)
        for engine in (self.valkey, self.postgres):
            if engine.running:
                engine.kill()
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.signals.__exit__(None, None, None)

    def _environment(self) -> dict[str, str]:
        """Returns the variables of the programs, as `make run` sets them."""
        return self.options.program_environment(self.var, self.postgres.url, self.valkey.url)

    def set_engine(self, settings: Mapping[str, str]) -> None:
        """Restarts PostgreSQL with other settings; none are those of `make run`."""
        from django.db import connections

        connections.close_all()
        self.postgres.stop(timeout=120)
        self.postgres.settings = dict(settings)
        self.postgres.start()
        self.postgres.wait_ready()

    def manage(self, *command: str) -> str:
        """Runs a management command; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {command[0]} failed: {done.stdout[-2000:]}")
        return done.stdout

    def start(self, *names: str) -> None:
        """Starts programs; waits until the web answers when it is among them."""
        handle = self.listener.fileno()
        for name in names:
            self.programs[name] = subprocess.Popen(
                [
                    *postgres_user.launcher(None, os.getpid(), signal.SIGTERM),
                    sys.executable,
                    *(word.format(fd=handle) for word in PROGRAMS[name]),
                ],
                cwd=PROJECT,
                env=self.environment | ({"OFFICEFLOW_PART": "web"} if name == "web" else {}),
                stdout=subprocess.DEVNULL,
                pass_fds=(handle,) if name == "web" else (),
                start_new_session=True,
            )
        if "web" in names:
            self._wait_for_web()

    def wait_until_ready(self) -> None:
        """Waits until the web says that the workers and the sweeper run."""
        if not processes.wait_until(lambda: not missing_parts(self.options), READY_SECONDS, 0.2):
            raise SystemExit(f"not ready: {missing_parts(self.options)}")

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with (
                contextlib.closing(client),
                contextlib.suppress(OSError, http.client.HTTPException),
            ):
                client.request("GET", "/healthz")
                if client.getresponse().status == 200:
                    return
            if self.programs["web"].poll() is not None:
                raise SystemExit("the web ended: its error stands above")
            time.sleep(0.1)
        raise SystemExit(f"the web does not answer after {READY_SECONDS:.0f} s")

    def stop(self, *names: str) -> None:
        """Ends programs after their present work."""
        for name in names:
            program = self.programs.pop(name)
            program.terminate()
            try:
                program.wait(timeout=15)
            except subprocess.TimeoutExpired:
                processes.signal_group(program.pid, signal.SIGKILL)
                program.wait()


def cpu_seconds(office: RunningOffice) -> dict[str, float]:
    """Returns the CPU that each program and PostgreSQL have used since they started."""
    used = {
        name: sum(cpu_of(pid) for pid in processes.pids_in_session(program.pid))
        for name, program in office.programs.items()
    }
    postgres = processes.pids_in_folder("postgres", office.postgres.data_dir)
    used["postgres"] = sum(cpu_of(pid) for pid in postgres)
    used["valkey"] = cpu_of(office.valkey.pid)
    used["the clients"] = time.process_time()
    return used


def cpu_of(pid: int) -> float:
    """Returns the CPU seconds of a process with those children that ended."""
    fields = processes.stat_fields(pid)
    return sum(int(ticks) for ticks in fields[11:15]) * TICK if fields else 0.0
