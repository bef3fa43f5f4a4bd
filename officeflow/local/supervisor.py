"""Starts the office's programs, restarts those that end and stops all of them.

The supervisor has one thread, because a child's death signal is tied to the thread that started it.
Every child has its own session, so Ctrl-C in the terminal reaches the supervisor alone, which stops
the programs in the right order.
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
from dataclasses import dataclass
from pathlib import Path

from officeflow.local import processes
from officeflow.local.make_process import MakeProcess
from officeflow.local.orphans import RUN_ID_VARIABLE
from officeflow.local.output import Log, Terminal
from officeflow.local.processes import Identity
from officeflow.local.var_folder import PROJECT, OfficeError, Var

RESTART_DELAYS = (0.2, 1.0, 2.0, 5.0, 10.0)  # seconds before the first, second, … restart in a row
STEADY_SECONDS = 30.0  # after running so long, the next restart counts as the first again
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """A signal asked the office to stop."""


@dataclass
class Program:
    """A command to keep running. ``quiet`` sends its output to the log alone."""

    name: str
    argv: Callable[[], list[str]]
    environment: Mapping[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 4.0  # seconds from the stop signal until the program is killed
    prepare: Callable[[], None] = lambda: None
    pass_fds: tuple[int, ...] = ()
    quiet: bool = False


@dataclass
class Child:
    """A program that was started, with its process and log.

    ``exits`` counts its exits in a row, ``exit_code`` is that of a command that ended.
    """

    program: Program
    log: Log
    process: subprocess.Popen[bytes] | None = None
    identity: Identity | None = None
    started: float = 0.0
    restart_at: float = 0.0
    exits: int = 0
    keep_running: bool = True
    exit_code: int | None = None


class Supervisor:
    """The parent process of the office's programs."""

    def __init__(self, var: Var, state: dict[str, object], terminal: Terminal) -> None:
        """Install signal handlers; ``state`` is the content of ``var/run.json`` meanwhile."""
        self.var = var
        self.state = state
        self.terminal = terminal
        self.run_id = str(state["run_id"])
        self.children: dict[str, Child] = {}
        self.stop_requests = 0
        self.stopping = False
        self._selector = selectors.DefaultSelector()
        self._handle_signals()
        self._make = MakeProcess.of(os.getppid())
        self._reaper = self._start_reaper()

    def start(self, program: Program) -> Child:
        """Start a program and keep it running until ``stop``."""
        child = Child(program, Log(self.var.log / f"{program.name}.log"))
        self.children[program.name] = child
        self._spawn(child)
        return child

    def wait_ready(self, child: Child, ready: Callable[[], bool], timeout: float) -> None:
        """Wait until ``ready`` returns true for a program that was just started.

        Raises:
            OfficeError: the program ended, or is not ready after ``timeout`` seconds.
            StopRequested: a signal asked the office to stop.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            if child.exits:
                raise OfficeError(f"{child.program.name} did not start: {child.log.last_line()}")
            if time.monotonic() > deadline:
                raise OfficeError(f"{child.program.name} is not ready after {timeout:.0f} s")
            self.process_events(0.05)

    def run_step(self, name: str, argv: list[str], environment: Mapping[str, str]) -> list[str]:
        """Run a command to its end while the programs run, and return its last lines of output.

        Raises:
            OfficeError: the command failed.
            StopRequested: a signal asked the office to stop; ``stop`` ends the command too.
        """
        program = Program(name, lambda: argv, environment, quiet=True)
        log = Log(self.var.log / f"{name}.log", fresh=True)
        child = Child(program, log, keep_running=False)
        self.children[name] = child
        self._spawn(child)
        began = reported = time.monotonic()
        while child.process is not None:
            self.process_events(0.2)
            if time.monotonic() - reported > (0.2 if self.terminal.is_interactive else 5):
                reported = time.monotonic()
                text = child.log.last_line() if child.log.tail else "still working"
                self._show_progress(name, text, reported - began)
        if self.terminal.is_interactive:
            self.terminal.write("\r\x1b[K")
        del self.children[name]
        if child.exit_code != 0:
            raise OfficeError(f"{name} failed ({child.log.last_line()}): see {child.log.path}")
        return child.log.tail

    def _show_progress(self, name: str, text: str, seconds: float) -> None:
        if self.terminal.is_interactive:
            self.terminal.write(f"\r\x1b[K{name:<9}| {text[:60]} ({seconds:.0f} s)")
        else:
            self.terminal.line(f"{text[:60]} ({seconds:.0f} s)", name)

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
        self.write_state()

    def run(self) -> None:
        """Keep the programs running until a signal asks to stop."""
        with contextlib.suppress(StopRequested):
            while True:
                self.process_events(1.0)

    def process_events(self, timeout: float) -> None:
        """Read the programs' output for at most ``timeout`` seconds and restart those that ended.

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
            self._check_child(child)
        if not self.stopping and (self.stop_requests or self._make.stop_requested()):
            raise StopRequested

    def _read(self, child: Child) -> None:
        if child.process is None or child.process.stdout is None:
            return
        stream = child.process.stdout
        for _ in range(64):  # at most 4 MiB, so that one program cannot hold up the others
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

    def _check_child(self, child: Child) -> None:
        if child.process is not None and self._has_ended(child.process.pid):
            self._handle_exit(child)
        if child.restart_at and time.monotonic() >= child.restart_at and not self.stopping:
            child.restart_at = 0.0
            try:
                self._spawn(child)
            except (OfficeError, OSError) as error:
                self._schedule_restart(child, str(error))

    def _handle_exit(self, child: Child) -> None:
        """Clean up after a program that ended, and schedule its restart."""
        assert child.process is not None
        # Kill its group before waiting for the process, which keeps the group's id in use.
        processes.signal_group(child.process.pid, signal.SIGKILL)
        self._read(child)
        code = child.process.wait()
        if child.process.stdout is not None:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
        child.process = child.identity = None
        if child.keep_running and not self.stopping:
            reason = f"signal {-code}" if code < 0 else f"exit code {code}"
            if time.monotonic() - child.started > STEADY_SECONDS:
                child.exits = 0
            self._schedule_restart(child, f"ended ({reason})")
        else:
            child.exit_code = code
        self.write_state()

    def _schedule_restart(self, child: Child, reason: str) -> None:
        pause = RESTART_DELAYS[min(child.exits, len(RESTART_DELAYS) - 1)]
        child.exits += 1
        child.restart_at = time.monotonic() + pause
        self.terminal.line(f"{child.program.name} {reason}; it starts again in {pause:g} s")

    @staticmethod
    def _has_ended(pid: int) -> bool:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def stop(self, *groups: list[str]) -> None:
        """Stop all programs: those of a group together, one group after the other.

        Programs in no group are stopped first. A further stop signal kills without waiting.
        """
        self.stopping = True
        requests = self.stop_requests
        grouped = [name for names in groups for name in names]
        first = [name for name in self.children if name not in grouped]
        for names in (first, *groups):
            children = [self.children[name] for name in names if name in self.children]
            self._stop_together(children, requests)
        for pid in processes.pids_with_variable(RUN_ID_VARIABLE, self.run_id):
            processes.send_signal(pid, signal.SIGKILL)
        self._stop_reaper()
        for child in self.children.values():
            child.log.close()

    def _stop_together(self, children: list[Child], requests: int) -> None:
        began = time.monotonic()
        for child in children:
            if child.process is not None:
                processes.send_signal(child.process.pid, signal.SIGCONT)
                processes.send_signal(child.process.pid, child.program.stop_signal)
        while running := [child for child in children if child.process is not None]:
            for child in running:
                is_late = time.monotonic() - began > child.program.grace
                if child.process is not None and (is_late or self.stop_requests > requests):
                    processes.signal_group(child.process.pid, signal.SIGKILL)
            self.process_events(0.05)

    def write_state(self) -> None:
        """Write the running programs to ``var/run.json`` and send them to the reaper."""
        running = [one.identity for one in self.children.values() if one.identity is not None]
        self.state["children"] = [identity.as_dict() for identity in running]
        self.var.write_state(self.state)
        self._notify_reaper(self.state["children"])

    def _handle_signals(self) -> None:
        self._wake, self._signals = socket.socketpair()
        for end in (self._wake, self._signals):
            end.setblocking(False)
        signal.set_wakeup_fd(self._signals.fileno(), warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._count_stop_request)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the selector
        self._selector.register(self._wake, selectors.EVENT_READ, None)

    def _count_stop_request(self, *_: object) -> None:
        self.stop_requests += 1

    def _start_reaper(self) -> "subprocess.Popen[bytes]":
        reaper = Path(__file__).with_name("reaper.py")
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(reaper), RUN_ID_VARIABLE, self.run_id],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _notify_reaper(self, message: object) -> None:
        assert self._reaper.stdin is not None
        with contextlib.suppress(OSError):
            self._reaper.stdin.write(json.dumps(message).encode() + b"\n")
            self._reaper.stdin.flush()

    def _stop_reaper(self) -> None:
        self._notify_reaper("done")
        assert self._reaper.stdin is not None
        with contextlib.suppress(OSError):
            self._reaper.stdin.close()
        try:
            self._reaper.wait(2)
        except subprocess.TimeoutExpired:
            self._reaper.kill()
            self._reaper.wait()
