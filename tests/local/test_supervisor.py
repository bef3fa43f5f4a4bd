"""The supervisor: what dies starts again, and what is stopped or killed leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from officeflow.local import processes
from officeflow.local.orphans import MARK
from officeflow.local.places import PROJECT
from officeflow.local.processes import Identity

SCRIPT = "tests.local.small_office"


class Run:
    """One run of the small office."""

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
        self.mark = json.loads((folder / "run.json").read_text())["mark"]

    def pids(self, name: str) -> set[int]:
        """Who ever started under this name."""
        return {int(path.name) for path in (self.folder / name).iterdir()}

    def living(self) -> list[int]:
        """Everybody of this run who is not a zombie."""
        found = map(Identity.of, processes.carrying(MARK, self.mark))
        return [one.pid for one in found if one is not None and one.lives()]

    def end(self, number: int) -> tuple[str, str]:
        self.process.send_signal(number)
        return self.process.communicate(timeout=20)


@pytest.fixture
def start(engine_room):
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(engine_room / "var"))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        for pid in run.living():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_everything_even_what_does_not_listen(start, number):
    run = start()
    assert len(run.living()) == 3  # stubborn, its child, and meek

    run.end(number)

    assert run.process.returncode == 0
    assert run.living() == []


def test_what_dies_starts_again(start):
    run = start()
    (first,) = run.pids("meek")
    os.kill(first, signal.SIGKILL)
    assert processes.wait_until(lambda: len(run.pids("meek")) == 2, 20)

    _, terminal = run.end(signal.SIGTERM)

    assert "meek ended (signal 9)" in terminal
    assert run.living() == []


def test_the_child_of_what_dies_goes_before_the_next_start(start):
    run = start()
    assert processes.wait_until(lambda: len(run.pids("stubborn")) == 2, 10)
    before = run.pids("stubborn")
    identities = [Identity.of(pid) for pid in before]
    leader = next(pid for pid in before if os.getsid(pid) == pid)
    os.kill(leader, signal.SIGKILL)
    assert processes.wait_until(lambda: len(run.pids("stubborn")) == 4, 20)
    assert not any(identity and identity.lives() for identity in identities)


def test_a_killed_supervisor_leaves_nothing_behind(start):
    run = start()
    run.end(signal.SIGKILL)
    # meek gets its signal from the kernel; stubborn is the reaper's business.
    assert processes.wait_until(lambda: run.living() == [], 20, pause=0.2)


def reaper_of(run: Run) -> int:
    """The reaper of this run: the one child of the supervisor that does not carry the mark."""
    children = Path(f"/proc/{run.process.pid}/task/{run.process.pid}/children").read_text().split()
    (reaper,) = {int(pid) for pid in children} - set(run.living())
    return reaper


def test_the_next_start_ends_orphans_that_the_reaper_could_not(start):
    run = start()
    os.kill(reaper_of(run), signal.SIGKILL)
    run.end(signal.SIGKILL)
    left = run.living()
    assert left

    again = start()

    assert again.cleared >= 1
    assert run.living() == []
    assert len(again.living()) == 3


def test_lines_reach_the_terminal_with_their_author_and_the_log_without(start):
    run = start()
    log = run.folder / "log" / "meek.log"
    assert processes.wait_until(lambda: bool(log.read_text()), 20)

    _, terminal = run.end(signal.SIGTERM)

    assert "meek     | hello from meek\n" in terminal
    assert log.read_text() == "hello from meek\n"


def test_nobody_reading_the_terminal_does_not_hold_the_office_up(engine_room):
    from officeflow.local.output import Terminal

    reader, writer = os.pipe()
    terminal = Terminal(writer)
    for _ in range(3000):  # far more than a pipe holds
        terminal.line("x" * 100)
    os.close(reader)
    terminal.line("nobody is there any more")
    os.close(writer)


def test_a_full_log_is_turned_and_the_last_lines_are_remembered(engine_room, monkeypatch):
    from officeflow.local import output

    monkeypatch.setattr(output, "LOG_SIZE", 1000)
    log = output.Log(engine_room / "web.log")
    for number in range(100):
        log.feed(f"line {number} {'x' * 40}\n".encode())
    log.feed(b"half a li")
    assert log.feed(b"ne\n") == ["half a line"]
    log.close()
    assert (engine_room / "web.log").stat().st_size <= 1100
    assert (engine_room / "web.log.1").exists()
    assert log.last_words() == "half a line"
