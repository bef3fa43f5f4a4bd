"""``make run``: the whole office, from an empty folder to the address in the browser."""

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
from officeflow.local.environment import Wishes
from officeflow.local.output import Terminal
from officeflow.local.outside import check_servers
from officeflow.local.places import OfficeError, Var
from officeflow.local.processes import Identity
from officeflow.local.supervisor import Program, StopRequested, Supervisor

READY_TIMEOUT = 120.0  # seconds from the first program to a good answer of /readyz
HANDOVER = 15.0  # seconds to wait for an office that is stopping
APPS = ["sweeper", "worker", "web"]
ENGINES = ["valkey", "postgres"]
# The same words stand in the command `prepare`, which cannot be imported without Django.
OWNER_TOKEN = "OFFICEFLOW_OWNER_TOKEN"
OWNER_AWAITED = "waiting for the owner to set it up"


def run(environment: Mapping[str, str]) -> int:
    """Run the office until somebody stops it; the exit code.

    Raises:
        OfficeError: it cannot start, said in one line.
    """
    wishes = Wishes.of(environment)
    var = Var.of(environment)
    var.open()
    hold(var)
    try:
        listener = listen(wishes)
        if wishes.embedded:
            PostgresEngine(var.postgres, var.path).check()
        return Office(wishes, var, listener).run()
    finally:
        var.lock.release()


def hold(var: Var) -> None:
    """Take the lock of ``var/``, waiting for whoever is about to leave.

    Raises:
        OfficeError: an office runs there already.
    """
    said = False
    deadline = time.monotonic() + HANDOVER
    while not var.lock.acquire():
        holder = var.holder()
        if holder.get("kind") == "office" and holder.get("state") != "stopping":
            raise OfficeError(
                f"already running (pid {holder['holder']['pid']}) at {holder['address']}: "
                "open that, or stop it first"
            )
        if time.monotonic() > deadline:
            who = holder.get("holder", {}).get("pid", "unknown")
            raise OfficeError(f"{var.path} is in use by process {who}: wait for it, or stop it")
        if holder and not said:
            Terminal().line(f"waiting for process {holder['holder']['pid']} to leave {var.path}")
            said = True
        time.sleep(0.1)


def listen(wishes: Wishes) -> socket.socket:
    """The web's socket, bound before anything starts and kept through every restart of the web.

    Raises:
        OfficeError: the port is taken, not allowed, or the host is not ours.
    """
    host = wishes.host.strip("[]")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, wishes.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except PermissionError as error:
        raise OfficeError(
            f"port {wishes.port} is not allowed for this user: try PORT=8000 make run"
        ) from error
    except socket.gaierror as error:
        raise OfficeError(f"HOST={wishes.host} is not an address: {error.strerror}") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise OfficeError(
                f"HOST={wishes.host} is not an address of this machine: leave HOST out for "
                "127.0.0.1, or set HOST=0.0.0.0 for all of its addresses"
            ) from error
        raise OfficeError(
            f"port {wishes.port} on {wishes.host} cannot be used ({error.strerror}): stop what "
            f"uses it, or choose another, as in PORT={wishes.port % 65535 + 1} make run"
        ) from error
    return listener


def engines_for(var: Var) -> tuple[PostgresEngine, ValkeyEngine]:
    """The two engines of this office, not started."""
    route = postgres_user.choose(var.postgres, postgres_program("postgres"))
    sockets = var.socket_dir(route)
    return PostgresEngine(var.postgres, sockets, route=route), ValkeyEngine(var.valkey, sockets)


def new_state(kind: str) -> dict[str, Any]:
    """The beginning of ``var/run.json``."""
    me = Identity.of(os.getpid()) or Identity(os.getpid(), 0, "")
    return {"kind": kind, "state": "starting", "holder": me.as_data(), "mark": uuid.uuid4().hex}


class Office:
    """One run of the office."""

    def __init__(self, wishes: Wishes, var: Var, listener: socket.socket) -> None:
        """Nothing starts yet."""
        self.wishes = wishes
        self.var = var
        self.listener = listener
        self.terminal = Terminal()
        self.began = time.monotonic()
        self.owner_token = secrets.token_urlsafe(32)
        self.prepared: list[str] = []
        # What the last run left has to be read before this one writes its own name.
        cleared = orphans.clear(var)
        if cleared:
            self.terminal.line(f"ended {cleared} processes left over from an earlier run")
        self.state = new_state("office") | {"address": wishes.address}
        var.note(self.state)
        self.supervisor = Supervisor(var, self.state, self.terminal)

    def run(self) -> int:
        """Start, run and stop."""
        try:
            self._start()
            self._welcome()
            self.supervisor.run()
        except StopRequested:
            return 0  # closing on request is what it is for, during the start too
        finally:
            self._stop()
        return 0

    def _start(self) -> None:
        self.environment = self._engines()
        self.environment[orphans.MARK] = str(self.state["mark"])
        step = self._step
        self.prepared = self._prepare()
        if not static_files.are_collected(self.var):
            found = static_files.fingerprint()
            step("static", "collecting static files", "collectstatic", "--noinput", "-v", "0")
            static_files.note_collected(self.var, found)
        self._programs()
        self._wait_for_readiness()
        self.state["state"] = "running"
        self.supervisor.note()

    def _engines(self) -> dict[str, str]:
        """Start the engines, or check the servers that were named; the programs' environment."""
        wishes = self.wishes
        if not wishes.embedded:
            self.terminal.line("using the servers of DATABASE_URL and REDIS_URL")
            environment = wishes.environment(self.var, wishes.database_url, wishes.redis_url)
            check_servers(wishes.database_url, wishes.redis_url)
        else:
            postgres, valkey = engines_for(self.var)
            if not postgres.data_dir.exists():
                self.terminal.line("first start: making the database")
            environment = wishes.environment(self.var, postgres.url, valkey.url)
            self._engine("postgres", postgres)
            self._engine("valkey", valkey)
            assert postgres.route is not None
            self.terminal.line(f"PostgreSQL and Valkey run {postgres.route.words}")
        self.state["database_url"] = environment["DATABASE_URL"]
        self.state["redis_url"] = environment["REDIS_URL"]
        self.state["state"] = "engines"
        self.supervisor.note()
        return environment

    def _engine(self, name: str, engine: Engine) -> None:
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
            if not child.deaths:
                raise
            advice = f"see {child.log.path}; `make reset` starts afresh"
            raise OfficeError(f"{engine.explain(child.log.tail)}: {advice}") from error

    def _step(self, name: str, words: str, *command: str, **more: str) -> list[str]:
        self.terminal.line(words)
        environment = self.environment | more
        return self.supervisor.step(name, [sys.executable, "manage.py", *command], environment)

    def _prepare(self) -> list[str]:
        """The database brought up to date, with the demo or the owner's key; what it said last."""
        words = "bringing the database up to date"
        if self.wishes.demo:
            words += ", preparing the demo company"
        demo = ["--demo", str(self.wishes.demo_days)] if self.wishes.demo else []
        return self._step("prepare", words, "prepare", *demo, **{OWNER_TOKEN: self.owner_token})

    def _programs(self) -> None:
        python = postgres_user.launcher(None, os.getpid(), signal.SIGTERM)
        python.append(sys.executable)
        handle = self.listener.fileno()
        web = [*python, "-m", "gunicorn", "officeflow.wsgi:application", "--no-control-socket"]
        web += ["--bind", f"fd://{handle}", "--worker-class", "gthread", "--workers", "2"]
        web += ["--threads", "4", "--graceful-timeout", "3", "--log-level", "warning"]
        # Root on a machine of one's own is what `make run` allows; the worker takes JSON alone.
        worker = [*python, "-W", "ignore:You're running the worker with superuser privileges"]
        worker += ["manage.py", "work", "--processes", "2"]
        sweeper = [*python, "manage.py", "sweep"]
        for name, words in (("web", web), ("worker", worker), ("sweeper", sweeper)):
            self.supervisor.start(
                Program(
                    name,
                    lambda words=words: words,  # type: ignore[misc]
                    self.environment,
                    pass_fds=(handle,) if name == "web" else (),
                )
            )

    def _wait_for_readiness(self) -> None:
        """Wait for a good answer of ``/readyz``.

        Raises:
            OfficeError: it does not come; the message names what is not ready.
        """
        self.terminal.line("waiting for the web, the worker and the sweeper")
        deadline = time.monotonic() + READY_TIMEOUT
        while missing := unready(self.wishes):
            for name in APPS:
                child = self.supervisor.children[name]
                if child.deaths > 1:
                    raise OfficeError(
                        f"{name} does not start ({child.log.last_words()}): "
                        f"{child.log.path} has the whole story"
                    )
            if time.monotonic() > deadline:
                raise OfficeError(
                    f"not ready after {READY_TIMEOUT:.0f} s: {missing}; see {self.var.log}"
                )
            self._go_on(0.5)

    def _go_on(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.supervisor.pump(left)

    def _welcome(self) -> None:
        """The one block on standard output: the address, and who can sign in or set it up."""
        self.terminal.line(f"ready after {time.monotonic() - self.began:.1f} s")
        block = ["", f"OfficeFlow is open at {self.wishes.address}/"]
        signs = [line for line in self.prepared if line.count("\t") == 2]
        if signs:
            block += ["Sign in as one of these (role, user, password):", *signs]
        if OWNER_AWAITED in self.prepared:
            block += [
                "It is not set up yet. The person who opens this address becomes its owner:",
                f"{self.wishes.address}/set-up/{self.owner_token}/",
                "It works once, within a day. Start again to get a new one.",
            ]
        block += ["Press Ctrl-C to stop.", ""]
        with contextlib.suppress(BrokenPipeError):
            print("\n".join(block), flush=True)

    def _stop(self) -> None:
        self.state["state"] = "stopping"
        self.terminal.line("stopping")
        self.listener.close()
        self.supervisor.note()
        self.supervisor.stop(APPS, ENGINES)
        (self.var.path / "run.json").unlink(missing_ok=True)
        self.terminal.line("closed")


def unready(wishes: Wishes) -> str:
    """What ``/readyz`` says is not ready, in words; empty when all is."""
    request = urllib.request.Request(f"{wishes.address}/readyz", headers={"Host": "localhost"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        try:
            answer = json.loads(error.read())
        except ValueError:
            return f"the web answers {error.code}"
        return "; ".join(not_ready(answer)) or f"the web answers {error.code}"
    except OSError:
        return "the web does not answer"


def not_ready(answer: object) -> list[str]:
    """What a JSON answer of ``/readyz`` says about each part that is not ready."""
    if not isinstance(answer, dict):
        return []
    return [
        f"{part} {words}"
        for part, words in answer.items()
        if isinstance(words, str) and words not in ("ok", "ready")
    ]
