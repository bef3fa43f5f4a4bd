"""``make run`` and the other commands on one office, from its first start to its reset.

The tests of this file share one office and run in order, because a start takes seconds.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from officeflow.local import processes
from officeflow.local.orphans import RUN_ID_VARIABLE, engine_leaders
from officeflow.local.processes import Identity
from officeflow.local.pytest_plugin import TemporaryFolder
from officeflow.local.var_folder import PROJECT, Var
from tests.faults.breakable_office import free_port
from tests.local.commands import run_command, user_environment


class LocalOffice:
    """One folder ``var/``, and the commands that use it."""

    def __init__(self, folder: Path) -> None:
        self.var = Var(folder / "var")
        self.port = free_port()
        self.environment = user_environment(self.var.path)
        self.environment |= {"PORT": str(self.port), "DEMO_DAYS": "3"}
        self.run: subprocess.Popen[str] | None = None
        self.run_ids: list[str] = []

    def command(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end."""
        return run_command(self.environment | more, *words)

    def open(self) -> list[str]:
        """Starts the office; returns the lines of its message."""
        self.run = subprocess.Popen(
            [sys.executable, "-m", "officeflow.local", "run"],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=(self.var.path.parent / "terminal.txt").open("a"),
            text=True,
        )
        assert self.run.stdout is not None
        lines = []
        for line in self.run.stdout:
            lines.append(line.rstrip("\n"))
            if "Press Ctrl-C" in line:
                self.run_ids.append(self.state()["run_id"])
                return lines
        raise AssertionError((self.var.path.parent / "terminal.txt").read_text())

    def state(self) -> dict:
        return json.loads((self.var.path / "run.json").read_text())

    def living(self) -> list[int]:
        """The ids of the running processes of this office."""
        found = [
            Identity.of(pid)
            for run_id in self.run_ids
            for pid in processes.pids_with_variable(RUN_ID_VARIABLE, run_id)
        ]
        return [one.pid for one in (*found, *engine_leaders(self.var)) if one and one.is_alive()]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/readyz", timeout=5
            ) as answer:
                return answer.status == 200
        except OSError:
            return False

    def close(self, number: int = signal.SIGTERM) -> float:
        """Sends a signal and waits for the end; returns the seconds that this took."""
        assert self.run is not None
        began = time.monotonic()
        self.run.send_signal(number)
        self.run.communicate(timeout=30)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def local_office():
    folder = TemporaryFolder()
    local_office = LocalOffice(folder.path)
    yield local_office
    if local_office.run is not None and local_office.run.poll() is None:
        local_office.close()
    for pid in local_office.living():
        os.kill(pid, signal.SIGKILL)
    folder.delete()


@pytest.fixture(scope="module")
def opened(local_office):
    """The running office; the message of its first start."""
    return local_office.open()


def one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """Returns the one line with which a command failed."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("officeflow: ")
    return line


def test_a_port_in_use_is_reported_before_the_engines_start(local_office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = one_line(local_office.command("run", PORT=str(port)))
    assert f"port {port}" in line
    assert "PORT=" in line.removeprefix(f"officeflow: port {port}")
    assert not local_office.var.postgres.exists()


def test_an_invalid_port_fails_with_one_line(local_office):
    assert "PORT=abc is not a port" in one_line(local_office.command("run", PORT="abc"))


def test_a_foreign_host_fails_with_one_line(local_office):
    line = one_line(local_office.command("run", HOST="192.0.2.1"))
    assert "HOST=192.0.2.1 is not an address of this machine" in line


def test_the_start_prints_the_address_and_the_sign_ins(local_office, opened):
    assert any(f"http://127.0.0.1:{local_office.port}/" in line for line in opened)
    sign_ins = [line.split("\t") for line in opened if "\t" in line]
    assert len(sign_ins) >= 7
    assert all(len(parts) == 3 and all(parts) for parts in sign_ins)
    assert local_office.ready()


def test_a_second_start_prints_the_address_of_the_first(local_office, opened):
    line = one_line(local_office.command("run"))
    assert (
        f"already running (pid {local_office.run.pid}) at http://127.0.0.1:{local_office.port}"
        in line
    )


def test_reset_is_refused_while_the_office_runs(local_office, opened):
    assert str(local_office.run.pid) in one_line(local_office.command("reset", YES="1"))
    assert local_office.var.postgres.is_dir()


def test_manage_uses_the_running_engines_and_returns_the_exit_code(local_office, opened):
    engines = engine_leaders(local_office.var)
    text = "from django.conf import settings as s; from django.db import connection as c; "
    text += "c.ensure_connection(); print(s.OFFICE_ADDRESS)"
    done = local_office.command("manage", "shell", "-v", "0", "-c", text, PORT="1")
    assert (done.returncode, done.stdout) == (0, f"http://127.0.0.1:{local_office.port}\n")
    assert local_office.command("manage", "shell", "-c", "raise SystemExit(7)").returncode == 7
    assert engine_leaders(local_office.var) == engines


@pytest.mark.parametrize("name", ["web", "worker", "sweeper", "valkey", "postgres"])
def test_a_killed_program_is_restarted(local_office, opened, name):
    before = child(local_office, name)
    os.kill(before.pid, signal.SIGKILL)
    assert processes.wait_until(
        lambda: child(local_office, name) not in (before, None), 20, pause=0.1
    )
    assert processes.wait_until(local_office.ready, 30, pause=0.2)


def child(local_office: LocalOffice, name: str) -> Identity | None:
    """Returns the process that runs under this name now."""
    commands: dict[str, Callable[[str], bool]] = {
        "web": lambda words: "officeflow.web_server" in words,
        "worker": lambda words: "manage.py work" in words,
        "sweeper": lambda words: "manage.py sweep" in words,
        "valkey": lambda words: "valkey-server" in words,
        "postgres": lambda words: "bin/postgres" in words,
    }
    for data in local_office.state()["children"]:
        with contextlib.suppress(OSError):
            raw = Path(f"/proc/{data['pid']}/cmdline").read_bytes()
            if commands[name](raw.replace(b"\0", b" ").decode()):
                return Identity.read(data)
    return None


def test_the_next_start_after_a_killed_supervisor_finds_its_data(local_office, opened):
    connection = psycopg2.connect(local_office.state()["database_url"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept_through_a_kill (number int)")
    connection.close()

    web = child(local_office, "web")
    assert web is not None
    os.kill(web.pid, signal.SIGSTOP)  # it still holds the port when the office starts again
    local_office.close(signal.SIGKILL)
    local_office.open()

    connection = psycopg2.connect(local_office.state()["database_url"])
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE kept_through_a_kill")
    connection.close()
    assert local_office.ready()


def test_sigterm_ends_everything_within_ten_seconds(local_office, opened):
    assert local_office.ready()
    assert local_office.close() < 10
    assert local_office.run.returncode == 0
    assert local_office.living() == []
    assert not (local_office.var.path / "run.json").exists()


def test_manage_starts_the_engines_for_one_command_and_stops_them(local_office, opened):
    text = "from django.db import connection as c; c.ensure_connection(); print('reached')"
    done = local_office.command("manage", "shell", "-v", "0", "-c", text)
    assert (done.returncode, done.stdout) == (0, "reached\n")
    assert engine_leaders(local_office.var) == []


def test_a_damaged_data_folder_fails_with_one_line(local_office, opened):
    file = local_office.var.postgres / "PG_VERSION"
    file.write_text("17\n")
    done = local_office.command("run")
    file.write_text("18\n")
    assert "made by PostgreSQL 17" in one_line(done)
    assert local_office.living() == []


def test_reset_without_a_terminal_needs_a_confirmation(local_office, opened):
    assert "YES=1 make reset" in one_line(local_office.command("reset"))
    assert local_office.var.postgres.is_dir()
    assert local_office.command("reset", YES="1").returncode == 0
    assert not local_office.var.postgres.exists()
