"""Keeps the office's programs running: starts them, restarts what dies, stops all of it.

One process and one thread: a child's death signal is tied to the thread that started it. Every
child has a session of its own, so Ctrl-C in the terminal reaches the supervisor alone and the
programs end in the right order.
"""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from officeflow.local import processes
from officeflow.local.maker import MakeProcess
from officeflow.local.orphans import MARK
from officeflow.local.output import Log, Terminal
from officeflow.local.places import PROJECT, OfficeError, Var
from officeflow.local.processes import Identity

BACKOFF = (0.2, 1.0, 2.0, 5.0, 10.0)  # seconds before the first, second, … restart in a row
STEADY = 30.0  # seconds of life after which a death counts as the first again
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Somebody asked the office to stop while it was doing something else."""


@dataclass
class Program:
    """What to run, and how to end it. ``quiet`` keeps its lines off the terminal."""

    name: str
    argv: Callable[[], list[str]]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 4.0  # seconds to end in before it is killed
    prepare: Callable[[], None] = lambda: None
    pass_fds: tuple[int, ...] = ()
    quiet: bool = False


@dataclass
class Child:
    """A program that has been started at least once."""

    program: Program
    log: Log
    process: subprocess.Popen[bytes] | None = None
    identity: Identity | None = None
    started: float = 0.0
    restart_at: float = 0.0
    deaths: int = 0
    wanted: bool = True
    words: list[str] = field(default_factory=list)


class Supervisor:
    """The parent of every program of the office."""

    def __init__(self, var: Var, state: dict[str, object], terminal: Terminal) -> None:
        """Take over the signals; ``state`` is what ``var/run.json`` says while this runs."""
        self.var = var
        self.state = state
        self.terminal = terminal
        self.mark = str(state["mark"])
        self.children: dict[str, Child] = {}
        self.stop_requests = 0
        self.stopping = False
        self._selector = selectors.DefaultSelector()
        self._watch_signals()
        self._make = MakeProcess.of(os.getppid())
        self._reaper = self._start_reaper()

    # --- starting ---------------------------------------------------------------------------

    def start(self, program: Program) -> Child:
        """Start a program and keep it running from now on."""
        child = Child(program, Log(self.var.log / f"{program.name}.log"))
        self.children[program.name] = child
        self._spawn(child)
        return child

    def wait_ready(self, child: Child, ready: Callable[[], bool], timeout: float) -> None:
        """Wait until a program that was just started is ready.

        Raises:
            OfficeError: it ended, or is not ready after ``timeout`` seconds.
            StopRequested: somebody lost patience before.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            if child.deaths:
                raise OfficeError(f"{child.program.name} did not start: {child.log.last_words()}")
            if time.monotonic() > deadline:
                raise OfficeError(f"{child.program.name} is not ready after {timeout:.0f} s")
            self.pump(0.05)

    def step(self, name: str, argv: list[str], environment: Mapping[str, str]) -> list[str]:
        """Run a command to its end while the programs go on, and give back its last lines.

        Raises:
            OfficeError: it failed.
            StopRequested: somebody lost patience; the command is ended with the rest.
        """
        program = Program(name, lambda: argv, environment, quiet=True)
        child = Child(program, Log(self.var.log / f"{name}.log"), wanted=False)
        self.children[name] = child
        self._spawn(child)
        began = said = time.monotonic()
        while child.process is not None:
            self.pump(0.2)
            if time.monotonic() - said > (0.2 if self.terminal.live else 5):
                said = time.monotonic()
                words = child.log.last_words() if child.log.tail else "still working"
                self._progress(name, words, said - began)
        if self.terminal.live:
            self.terminal.write("\r\x1b[K")
        del self.children[name]
        if child.words != ["ended"]:
            raise OfficeError(
                f"{name} failed ({child.log.last_words()}): {child.log.path} has the whole story"
            )
        return child.log.tail

    def _progress(self, name: str, words: str, seconds: float) -> None:
        if self.terminal.live:
            self.terminal.write(f"\r\x1b[K{name:<9}| {words[:60]} ({seconds:.0f} s)")
        else:
            self.terminal.line(f"{words[:60]} ({seconds:.0f} s)", name)

    def _spawn(self, child: Child) -> None:
        program = child.program
        program.prepare()
        child.process = subprocess.Popen(
            program.argv(),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(program.environment),
            pass_fds=program.pass_fds,
            start_new_session=True,
        )
        child.started = time.monotonic()
        child.identity = Identity.of(child.process.pid)
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self.note()

    # --- running ----------------------------------------------------------------------------

    def run(self) -> None:
        """Keep everything running until somebody asks to stop."""
        with contextlib.suppress(StopRequested):
            while True:
                self.pump(1.0)

    def pump(self, timeout: float) -> None:
        """Read what the programs say, for at most ``timeout`` seconds, and restart what died.

        Raises:
            StopRequested: a signal asked the office to stop.
        """
        waiting = [one.restart_at for one in self.children.values() if one.restart_at]
        if waiting:
            timeout = max(0.0, min(timeout, min(waiting) - time.monotonic()))
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    self._wake.recv(4096)
            else:
                self._read(key.data)
        for child in list(self.children.values()):
            self._look_after(child)
        if not self.stopping and (self.stop_requests or self._make.stop_requested()):
            raise StopRequested

    def _read(self, child: Child) -> None:
        if child.process is None or child.process.stdout is None:
            return
        stream = child.process.stdout
        for _ in range(64):  # a chatterbox gets its turn, not the whole day
            try:
                data = os.read(stream.fileno(), 65536)
            except BlockingIOError:
                return
            if not data:
                self._selector.unregister(stream)
                stream.close()
                child.process.stdout = None
                return
            for line in child.log.feed(data):
                if not child.program.quiet:
                    self.terminal.line(line, child.program.name)

    def _look_after(self, child: Child) -> None:
        if child.process is not None and self._has_ended(child.process.pid):
            self._bury(child)
        if child.restart_at and time.monotonic() >= child.restart_at and not self.stopping:
            child.restart_at = 0.0
            try:
                self._spawn(child)
            except (OfficeError, OSError) as error:
                self._later(child, str(error))

    def _bury(self, child: Child) -> None:
        """Clear up after a program that ended, and plan its next start."""
        assert child.process is not None
        # Its group first, while the dead leader, not waited for yet, still keeps the id taken.
        processes.signal_group(child.process.pid, signal.SIGKILL)
        self._read(child)
        code = child.process.wait()
        if child.process.stdout is not None:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
        child.process = child.identity = None
        if child.wanted and not self.stopping:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            if time.monotonic() - child.started > STEADY:
                child.deaths = 0
            self._later(child, f"ended ({how})")
        else:
            child.words = ["ended"] if code == 0 else [f"ended with {code}"]
        self.note()

    def _later(self, child: Child, words: str) -> None:
        pause = BACKOFF[min(child.deaths, len(BACKOFF) - 1)]
        child.deaths += 1
        child.restart_at = time.monotonic() + pause
        self.terminal.line(f"{child.program.name} {words}; it starts again in {pause:g} s")

    @staticmethod
    def _has_ended(pid: int) -> bool:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    # --- stopping ---------------------------------------------------------------------------

    def stop(self, *rounds: list[str]) -> None:
        """Stop everything: the programs named in each round together, round after round.

        What has no round goes first. Asked again meanwhile, it kills instead of waiting.
        """
        self.stopping = True
        asked = self.stop_requests
        named = [name for names in rounds for name in names]
        first = [name for name in self.children if name not in named]
        for names in (first, *rounds):
            children = [self.children[name] for name in names if name in self.children]
            self._stop_round(children, asked)
        for pid in processes.carrying(MARK, self.mark):
            processes.send(pid, signal.SIGKILL)
        self._dismiss_reaper()
        for child in self.children.values():
            child.log.close()

    def _stop_round(self, children: list[Child], asked: int) -> None:
        began = time.monotonic()
        for child in children:
            if child.process is not None:
                processes.send(child.process.pid, signal.SIGCONT)
                processes.send(child.process.pid, child.program.stop_signal)
        while living := [child for child in children if child.process is not None]:
            for child in living:
                late = time.monotonic() - began > child.program.grace
                if child.process is not None and (late or self.stop_requests > asked):
                    processes.signal_group(child.process.pid, signal.SIGKILL)
            self.pump(0.05)

    # --- the world outside ------------------------------------------------------------------

    def note(self) -> None:
        """Tell ``var/run.json`` and the reaper who runs."""
        living = [one.identity for one in self.children.values() if one.identity is not None]
        self.state["children"] = [identity.as_data() for identity in living]
        self.var.note(self.state)
        self._tell_reaper(self.state["children"])

    def _watch_signals(self) -> None:
        self._wake, ours = socket.socketpair()
        self._signals = ours
        for end in (self._wake, ours):
            end.setblocking(False)
        signal.set_wakeup_fd(ours.fileno(), warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop
        self._selector.register(self._wake, selectors.EVENT_READ, None)

    def _asked_to_stop(self, *_: object) -> None:
        self.stop_requests += 1

    def _start_reaper(self) -> "subprocess.Popen[bytes]":
        reaper = Path(__file__).with_name("reaper.py")
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(reaper), MARK, self.mark],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _tell_reaper(self, note: object) -> None:
        assert self._reaper.stdin is not None
        with contextlib.suppress(OSError):
            self._reaper.stdin.write(json.dumps(note).encode() + b"\n")
            self._reaper.stdin.flush()

    def _dismiss_reaper(self) -> None:
        self._tell_reaper("done")
        assert self._reaper.stdin is not None
        with contextlib.suppress(OSError):
            self._reaper.stdin.close()
        try:
            self._reaper.wait(2)
        except subprocess.TimeoutExpired:
            self._reaper.kill()
            self._reaper.wait()
