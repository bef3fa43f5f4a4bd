"""``make run`` as a stranger meets it: one office, from its first start to its last.

The tests of this file share one office and follow each other, because a start takes seconds.
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
from officeflow.local.orphans import MARK, engine_leaders
from officeflow.local.places import PROJECT, Var
from officeflow.local.processes import Identity
from officeflow.local.pytest_plugin import TemporaryFolder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LocalOffice:
    """One folder ``var/``, and the commands given to it as from a terminal."""

    def __init__(self, folder: Path) -> None:
        self.var = Var(folder / "var")
        self.port = free_port()
        ours = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "STATIC_ROOT")
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if key not in ours and not key.startswith(("OFFICEFLOW", "PYTEST", "DJANGO"))
        }
        self.environment |= {
            "OFFICEFLOW_VAR": str(self.var.path),
            "PORT": str(self.port),
            "DEMO_DAYS": "3",
        }
        self.run: subprocess.Popen[str] | None = None
        self.marks: list[str] = []

    def command(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Give a command and wait for its end."""
        return subprocess.run(
            [sys.executable, "-m", "officeflow.local", *words],
            cwd=PROJECT,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def open(self) -> list[str]:
        """Start the office; the lines of its closing block."""
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
                self.marks.append(self.state()["mark"])
                return lines
        raise AssertionError((self.var.path.parent / "terminal.txt").read_text())

    def state(self) -> dict:
        return json.loads((self.var.path / "run.json").read_text())

    def living(self) -> list[int]:
        """Everybody who belongs to this office."""
        found = [Identity.of(pid) for mark in self.marks for pid in processes.carrying(MARK, mark)]
        return [one.pid for one in (*found, *engine_leaders(self.var)) if one and one.lives()]

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/readyz", timeout=5
            ) as answer:
                return answer.status == 200
        except OSError:
            return False

    def close(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; the seconds that took."""
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
    folder.clear()


@pytest.fixture(scope="module")
def opened(local_office):
    """The office, open; the closing block of its first start."""
    return local_office.open()


def one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """The one readable line with which a command refused."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("officeflow: ")
    return line


def test_a_taken_port_is_said_before_anything_starts(local_office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = one_line(local_office.command("run", PORT=str(port)))
    assert f"port {port}" in line
    assert "PORT=" in line.removeprefix(f"officeflow: port {port}")
    assert not local_office.var.postgres.exists()


def test_a_wrong_port_is_one_line(local_office):
    assert "PORT=abc is not a port" in one_line(local_office.command("run", PORT="abc"))


def test_a_host_of_somebody_else_is_one_line(local_office):
    line = one_line(local_office.command("run", HOST="192.0.2.1"))
    assert "HOST=192.0.2.1 is not an address of this machine" in line


def test_the_closing_block_says_the_address_and_who_can_sign_in(local_office, opened):
    assert any(f"http://127.0.0.1:{local_office.port}/" in line for line in opened)
    sign_ins = [line.split("\t") for line in opened if "\t" in line]
    assert len(sign_ins) >= 7
    assert all(len(parts) == 3 and all(parts) for parts in sign_ins)
    assert local_office.ready()


def test_a_second_start_says_where_the_first_one_is(local_office, opened):
    line = one_line(local_office.command("run"))
    assert (
        f"already running (pid {local_office.run.pid}) at http://127.0.0.1:{local_office.port}"
        in line
    )


def test_reset_is_refused_while_it_runs(local_office, opened):
    assert str(local_office.run.pid) in one_line(local_office.command("reset", YES="1"))
    assert local_office.var.postgres.is_dir()


def test_manage_uses_the_running_engines_and_gives_the_commands_exit_code(local_office, opened):
    engines = engine_leaders(local_office.var)
    text = "from django.conf import settings as s; from django.db import connection as c; "
    text += "c.ensure_connection(); print(s.OFFICE_ADDRESS)"
    done = local_office.command("manage", "shell", "-v", "0", "-c", text, PORT="1")
    assert (done.returncode, done.stdout) == (0, f"http://127.0.0.1:{local_office.port}\n")
    assert local_office.command("manage", "shell", "-c", "raise SystemExit(7)").returncode == 7
    assert engine_leaders(local_office.var) == engines


@pytest.mark.parametrize("name", ["web", "worker", "sweeper", "valkey", "postgres"])
def test_what_is_killed_comes_back(local_office, opened, name):
    before = child(local_office, name)
    os.kill(before.pid, signal.SIGKILL)
    assert processes.wait_until(
        lambda: child(local_office, name) not in (before, None), 20, pause=0.1
    )
    assert processes.wait_until(local_office.ready, 30, pause=0.2)


def child(local_office: LocalOffice, name: str) -> Identity | None:
    """Who runs under this name now, by what they run."""
    signs: dict[str, Callable[[str], bool]] = {
        "web": lambda words: "gunicorn" in words,
        "worker": lambda words: "manage.py work" in words,
        "sweeper": lambda words: "manage.py sweep" in words,
        "valkey": lambda words: "valkey-server" in words,
        "postgres": lambda words: "bin/postgres" in words,
    }
    for data in local_office.state()["children"]:
        with contextlib.suppress(OSError):
            raw = Path(f"/proc/{data['pid']}/cmdline").read_bytes()
            if signs[name](raw.replace(b"\0", b" ").decode()):
                return Identity.read(data)
    return None


def test_after_killing_the_supervisor_the_next_start_finds_its_data(local_office, opened):
    connection = psycopg2.connect(local_office.state()["database_url"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept_through_a_kill (number int)")
    connection.close()

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


def test_a_damaged_data_folder_is_one_line(local_office, opened):
    mark = local_office.var.postgres / "PG_VERSION"
    mark.write_text("17\n")
    done = local_office.command("run")
    mark.write_text("18\n")
    assert "made by PostgreSQL 17" in one_line(done)
    assert local_office.living() == []


def test_reset_asks_and_without_anybody_to_ask_deletes_nothing(local_office, opened):
    assert "YES=1 make reset" in one_line(local_office.command("reset"))
    assert local_office.var.postgres.is_dir()
    assert local_office.command("reset", YES="1").returncode == 0
    assert not local_office.var.postgres.exists()
