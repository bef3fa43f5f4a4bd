"""``make run``: starts the engines, prepares the database and runs the office's programs."""

import contextlib
import errno
import json
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from typing import Any

from officeflow.local import orphans, postgres_user, static_files
from officeflow.local.engines import Engine, PostgresEngine, ValkeyEngine, postgres_program
from officeflow.local.external_servers import check_servers
from officeflow.local.output import Terminal, is_sign_in
from officeflow.local.processes import Identity
from officeflow.local.run_options import RunOptions
from officeflow.local.supervisor import Program, StopRequested, Supervisor
from officeflow.local.var_folder import OfficeError, Var

READY_TIMEOUT = 120.0  # seconds from the start of the programs until /readyz answers 200
LOCK_TIMEOUT = 15.0  # seconds to wait for an office that is stopping
APPS = ["sweeper", "worker", "web"]
ENGINES = ["valkey", "postgres"]
# The command `prepare` has the same two values; it cannot be imported without Django.
OWNER_TOKEN = "OFFICEFLOW_OWNER_TOKEN"
OWNER_AWAITED = "waiting for the owner to set it up"


def run(environment: Mapping[str, str]) -> int:
    """Run the office until a signal stops it, and return the exit code.

    Raises:
        OfficeError: the office cannot start; the message is one line.
    """
    options, var = RunOptions.from_environment(environment), Var.from_environment(environment)
    var.open()
    acquire_lock(var)
    try:
        # The web of an earlier run that was killed may still use the port.
        cleared = orphans.clear(var)
        if cleared:
            Terminal().line(f"ended {cleared} processes left over from an earlier run")
        listener = listen(options)
        if options.embedded:
            PostgresEngine(var.postgres, var.path).check()
        return OfficeRun(options, var, listener).run()
    finally:
        var.lock.release()


def acquire_lock(var: Var) -> None:
    """Take the lock of ``var/``; wait while another office is stopping.

    Raises:
        OfficeError: an office runs there already.
    """
    is_reported = False
    deadline = time.monotonic() + LOCK_TIMEOUT
    while not var.lock.acquire():
        state, pid = var.holder_state(), var.holder_pid()
        if state.get("kind") == "office" and state.get("state") != "stopping":
            raise OfficeError(
                f"already running (pid {pid}) at {state['address']}: use that, or stop it first"
            )
        if time.monotonic() > deadline:
            raise OfficeError(f"{var.path} is in use by process {pid}: wait for it, or stop it")
        if state and not is_reported:
            Terminal().line(f"waiting for process {pid}, which uses {var.path}")
            is_reported = True
        time.sleep(0.1)


def listen(options: RunOptions) -> socket.socket:
    """Return the listening socket of the web, which stays open while the web restarts.

    Raises:
        OfficeError: the port is in use or not allowed, or the host is not of this machine.
    """
    host = options.host.strip("[]")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except PermissionError as error:
        raise OfficeError(
            f"port {options.port} is not allowed for this user: try PORT=8000 make run"
        ) from error
    except socket.gaierror as error:
        raise OfficeError(f"HOST={options.host} is not an address: {error.strerror}") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise OfficeError(
                f"HOST={options.host} is not an address of this machine: leave HOST out for "
                "127.0.0.1, or set HOST=0.0.0.0 for all of its addresses"
            ) from error
        raise OfficeError(
            f"port {options.port} on {options.host} cannot be used ({error.strerror}): stop what "
            f"uses it, or choose another, as in PORT={options.port % 65535 + 1} make run"
        ) from error
    return listener


def engines_for(var: Var) -> tuple[PostgresEngine, ValkeyEngine]:
    """Return the two engines of this office, not started."""
    run_as = postgres_user.choose(var.postgres, postgres_program("postgres"))
    sockets = var.socket_dir(run_as)
    return PostgresEngine(var.postgres, sockets, run_as=run_as), ValkeyEngine(var.valkey, sockets)


def new_state(kind: str) -> dict[str, Any]:
    """Return the first content of ``var/run.json``; ``kind`` is "office" or "command"."""
    me = Identity.of(os.getpid()) or Identity(os.getpid(), 0, "")
    return {"kind": kind, "state": "starting", "holder": me.as_dict(), "run_id": uuid.uuid4().hex}


class OfficeRun:
    """One run of the office, from the start to the stop."""

    def __init__(self, options: RunOptions, var: Var, listener: socket.socket) -> None:
        """Write ``run.json``."""
        self.options = options
        self.var = var
        self.listener = listener
        self.terminal = Terminal()
        self.began = time.monotonic()
        self.owner_token = secrets.token_urlsafe(32)
        self.prepared: list[str] = []
        self.state = new_state("office") | {"address": options.address}
        var.write_state(self.state)
        self.supervisor = Supervisor(var, self.state, self.terminal)

    def run(self) -> int:
        """Start, run and stop."""
        try:
            self._start()
            self._print_address()
            self.supervisor.run()
        except StopRequested:
            return 0  # a stop on request is a success, during the start too
        finally:
            self._stop()
        return 0

    def _start(self) -> None:
        self.environment = self._start_engines()
        self.environment[orphans.RUN_ID_VARIABLE] = str(self.state["run_id"])
        self.prepared = self._prepare()
        if not static_files.are_collected(self.var):
            found = static_files.fingerprint()
            self._step("static", "collecting static files", "collectstatic", "--noinput", "-v", "0")
            static_files.record_collected(self.var, found)
        self._start_programs()
        self._wait_for_readiness()
        self.state["state"] = "running"
        self.supervisor.write_state()

    def _start_engines(self) -> dict[str, str]:
        """Start the engines, or check the caller's servers; return the programs' environment."""
        options = self.options
        if not options.embedded:
            self.terminal.line("using the servers of DATABASE_URL and REDIS_URL")
            environment = options.program_environment(
                self.var, options.database_url, options.redis_url
            )
            check_servers(options.database_url, options.redis_url)
        else:
            postgres, valkey = engines_for(self.var)
            if not postgres.data_dir.exists():
                self.terminal.line("first start: creating the database")
            environment = options.program_environment(self.var, postgres.url, valkey.url)
            self._start_engine("postgres", postgres)
            self._start_engine("valkey", valkey)
            assert postgres.run_as is not None
            self.terminal.line(f"PostgreSQL and Valkey run {postgres.run_as.description}")
        self.state["database_url"] = environment["DATABASE_URL"]
        self.state["redis_url"] = environment["REDIS_URL"]
        self.state["state"] = "engines"
        self.supervisor.write_state()
        return environment

    def _start_engine(self, name: str, engine: Engine) -> None:
        program = Program(
            name,
            engine.argv,
            engine.environment(),
            stop_signal=engine.stop_signal,
            grace=3.5,
            prepare=engine.prepare,
            quiet=True,
        )
        child = self.supervisor.start(program)
        try:
            self.supervisor.wait_ready(child, engine.is_ready, READY_TIMEOUT)
        except OfficeError as error:
            if not child.exits:
                raise
            advice = f"see {child.log.path}; `make reset` deletes the data"
            raise OfficeError(f"{engine.explain(child.log.tail)}: {advice}") from error

    def _step(self, name: str, text: str, *command: str, **variables: str) -> list[str]:
        """Show ``text``, run a management command and return its last lines of output."""
        self.terminal.line(text)
        environment = self.environment | variables
        return self.supervisor.run_step(name, [sys.executable, "manage.py", *command], environment)

    def _prepare(self) -> list[str]:
        """Migrate the database and prepare the demo company or the owner's address."""
        text = "migrating the database"
        if self.options.demo:
            text += ", preparing the demo company"
        demo = ["--demo", str(self.options.demo_days)] if self.options.demo else []
        return self._step("prepare", text, "prepare", *demo, **{OWNER_TOKEN: self.owner_token})

    def _start_programs(self) -> None:
        python = postgres_user.launcher(None, os.getpid(), signal.SIGTERM)
        python.append(sys.executable)
        handle = self.listener.fileno()
        web = [*python, "-m", "officeflow.web_server", "--fd", str(handle)]
        # `make run` may be used as root; the worker accepts messages in JSON only.
        worker = [*python, "-W", "ignore:You're running the worker with superuser privileges"]
        worker += ["manage.py", "work", "--processes", "2"]
        sweeper = [*python, "manage.py", "sweep"]
        for name, command in (("web", web), ("worker", worker), ("sweeper", sweeper)):
            self.supervisor.start(
                Program(
                    name,
                    lambda command=command: command,  # type: ignore[misc]
                    self.environment,
                    pass_fds=(handle,) if name == "web" else (),
                )
            )

    def _wait_for_readiness(self) -> None:
        """Wait until ``/readyz`` answers 200.

        Raises:
            OfficeError: a program does not start or the time is over; the message names it.
        """
        self.terminal.line("waiting for the web, the worker and the sweeper")
        deadline = time.monotonic() + READY_TIMEOUT
        while missing := missing_parts(self.options):
            for name in APPS:
                child = self.supervisor.children[name]
                if child.exits > 1:
                    raise OfficeError(
                        f"{name} does not start ({child.log.last_line()}): see {child.log.path}"
                    )
            if time.monotonic() > deadline:
                raise OfficeError(
                    f"not ready after {READY_TIMEOUT:.0f} s: {missing}; see {self.var.log}"
                )
            until = time.monotonic() + 0.5
            while (left := until - time.monotonic()) > 0:
                self.supervisor.process_events(left)

    def _print_address(self) -> None:
        self.terminal.line(f"ready after {time.monotonic() - self.began:.1f} s")
        with contextlib.suppress(BrokenPipeError):
            print(start_message(self.options, self.prepared, self.owner_token), flush=True)

    def _stop(self) -> None:
        self.state["state"] = "stopping"
        self.terminal.line("stopping")
        self.listener.close()
        self.supervisor.write_state()
        self.supervisor.stop(APPS, ENGINES)
        (self.var.path / "run.json").unlink(missing_ok=True)
        self.terminal.line("stopped")


def start_message(options: RunOptions, prepared: list[str], owner_token: str) -> str:
    """Return the office's address, and who can sign in or set the office up.

    ``prepared`` are the lines of output of the command ``prepare``.
    """
    lines = ["", f"OfficeFlow runs at {options.address}/"]
    sign_ins = [line for line in prepared if is_sign_in(line)]
    if sign_ins:
        lines += ["Sign in as one of these (role, user, password):", *sign_ins]
    if OWNER_AWAITED in prepared:
        lines += [
            "The office is not set up yet. Open this address to create the owner's account:",
            f"{options.address}/set-up/{owner_token}/",
            "The address works once, within a day. Start again to get a new one.",
        ]
    return "\n".join([*lines, "Press Ctrl-C to stop.", ""])


def missing_parts(options: RunOptions) -> str:
    """Return the parts that are not ready according to ``/readyz``; empty when all are."""
    request = urllib.request.Request(f"{options.address}/readyz", headers={"Host": "localhost"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        try:
            answer = json.loads(error.read())
        except ValueError:
            answer = {}
        parts = answer.items() if isinstance(answer, dict) else ()
        missing = [
            f"{part} {state}"
            for part, state in parts
            if isinstance(state, str) and state not in ("ok", "ready")
        ]
        return "; ".join(missing) or f"the web answers {error.code}"
    except OSError:
        return "the web does not answer"
