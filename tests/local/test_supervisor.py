"""The supervisor restarts programs that end, and leaves no process when it is stopped or killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from officeflow.local import processes
from officeflow.local.orphans import RUN_ID_VARIABLE
from officeflow.local.processes import Identity
from officeflow.local.var_folder import PROJECT

SCRIPT = "tests.local.two_programs"


class Run:
    """One run of the supervisor with its two programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", SCRIPT, str(folder)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.cleared = int(self.process.stdout.readline().split()[1])
        assert self.process.stdout.readline() == "ready\n"
        self.run_id = json.loads((folder / "run.json").read_text())["run_id"]

    def pids(self, name: str) -> set[int]:
        """The ids of all processes that ran under this name."""
        return {int(path.name) for path in (self.folder / name).iterdir()}

    def living(self) -> list[int]:
        """The ids of the running processes, without zombies."""
        found = map(Identity.of, processes.pids_with_variable(RUN_ID_VARIABLE, self.run_id))
        return [one.pid for one in found if one is not None and one.is_alive()]

    def end(self, number: int) -> tuple[str, str]:
        self.process.send_signal(number)
        return self.process.communicate(timeout=20)


@pytest.fixture
def start(engine_folder):
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(engine_folder / "var"))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        for pid in run.living():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_programs_that_ignore_sigterm_too(start, number):
    run = start()
    assert len(run.living()) == 3  # stubborn, its child, and meek

    run.end(number)

    assert run.process.returncode == 0
    assert run.living() == []


def test_a_program_that_ends_is_restarted(start):
    run = start()
    (first,) = run.pids("meek")
    os.kill(first, signal.SIGKILL)
    assert processes.wait_until(lambda: len(run.pids("meek")) == 2, 20)

    _, terminal = run.end(signal.SIGTERM)

    assert "meek ended (signal 9)" in terminal
    assert run.living() == []


def test_child_processes_are_killed_before_a_restart(start):
    run = start()
    assert processes.wait_until(lambda: len(run.pids("stubborn")) == 2, 10)
    before = run.pids("stubborn")
    identities = [Identity.of(pid) for pid in before]
    leader = next(pid for pid in before if os.getsid(pid) == pid)
    os.kill(leader, signal.SIGKILL)
    assert processes.wait_until(lambda: len(run.pids("stubborn")) == 4, 20)
    assert not any(identity and identity.is_alive() for identity in identities)


def test_a_killed_supervisor_leaves_no_process(start):
    run = start()
    run.end(signal.SIGKILL)
    # meek gets its signal from the kernel; stubborn is the reaper's business.
    assert processes.wait_until(lambda: run.living() == [], 20, pause=0.2)


def reaper_of(run: Run) -> int:
    """The reaper of this run: the one child of the supervisor that does not carry the mark."""
    children = Path(f"/proc/{run.process.pid}/task/{run.process.pid}/children").read_text().split()
    (reaper,) = {int(pid) for pid in children} - set(run.living())
    return reaper


def test_the_next_start_ends_processes_that_the_reaper_left(start):
    run = start()
    os.kill(reaper_of(run), signal.SIGKILL)
    run.end(signal.SIGKILL)
    left = run.living()
    assert left

    again = start()

    assert again.cleared >= 1
    assert run.living() == []
    assert len(again.living()) == 3


def test_the_terminal_shows_lines_with_the_programs_name(start):
    run = start()
    log = run.folder / "log" / "meek.log"
    assert processes.wait_until(lambda: bool(log.read_text()), 20)

    _, terminal = run.end(signal.SIGTERM)

    assert "meek     | hello from meek\n" in terminal
    assert log.read_text() == "hello from meek\n"


def test_writing_to_a_terminal_that_nobody_reads_does_not_block(engine_folder):
    from officeflow.local.output import Terminal

    reader, writer = os.pipe()
    terminal = Terminal(writer)
    for _ in range(3000):  # far more than a pipe holds
        terminal.line("x" * 100)
    os.close(reader)
    terminal.line("nobody is there any more")
    os.close(writer)


def test_a_full_log_is_rotated_and_keeps_its_last_lines(engine_folder, monkeypatch):
    from officeflow.local import output

    monkeypatch.setattr(output, "LOG_SIZE", 1000)
    log = output.Log(engine_folder / "web.log")
    for number in range(100):
        log.feed(f"line {number} {'x' * 40}\n".encode())
    log.feed(b"half a li")
    assert log.feed(b"ne\n") == ["half a line"]
    log.close()
    assert (engine_folder / "web.log").stat().st_size <= 1100
    assert (engine_folder / "web.log.1").exists()
    assert log.last_line() == "half a line"
