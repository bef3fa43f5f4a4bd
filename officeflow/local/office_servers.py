"""The PostgreSQL and Valkey servers of the office, made available to one command."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from officeflow.local import orphans
from officeflow.local.engines import Engine
from officeflow.local.office_run import engines_for, new_state
from officeflow.local.output import say
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import OfficeError, Var

WAIT_SECONDS = 30.0  # for another command to end, or for an office that is starting


def files_folder(environment_value: str, var: Var) -> Path:
    """Return the folder of private files: the value of ``OFFICEFLOW_FILES``, else ``var/files``."""
    if environment_value:
        return Path(environment_value).expanduser().absolute()
    return var.path / "files"


@contextmanager
def open_servers(options: RunOptions, var: Var, *, with_broker: bool) -> Iterator[tuple[str, str]]:
    """Yield the addresses of the database and the broker.

    They are the servers that the caller named, else those of the running office. When no office
    runs, PostgreSQL is started for this command, and Valkey too when ``with_broker`` is true.

    Raises:
        OfficeError: the database is not available; the message is one line.
    """
    var.open()
    if not options.embedded:
        yield options.database_url, options.redis_url
        return
    urls = running_urls(var)
    if urls is not None:
        yield urls
        return
    try:
        with started_engines(var, with_broker=with_broker) as urls:
            yield urls
    finally:
        var.lock.release()


@contextmanager
def open_servers_exclusively(options: RunOptions, var: Var) -> Iterator[tuple[str, str]]:
    """Yield the same addresses while no other process uses the office's folder.

    Raises:
        OfficeError: the office runs, or another command uses its folder.
    """
    var.open()
    if not var.lock.acquire():
        if var.holder_state().get("kind") == "office":
            raise OfficeError(f"the office runs (pid {var.holder_pid()}): stop it, then restore")
        raise OfficeError(
            f"{var.path} is in use by process {var.holder_pid()}: try again when it has ended"
        )
    try:
        if options.embedded:
            with started_engines(var, with_broker=False) as urls:
                yield urls
        else:
            yield options.database_url, options.redis_url
    finally:
        var.lock.release()


def running_urls(var: Var) -> tuple[str, str] | None:
    """Return the engines' addresses of the running office; None when this process has the lock now.

    Raises:
        OfficeError: another process holds the lock and its engines do not become ready.
    """
    is_reported = False
    deadline = time.monotonic() + WAIT_SECONDS
    while not var.lock.acquire():
        state = var.holder_state()
        if state.get("kind") == "office" and state.get("state") in ("engines", "running"):
            return str(state["database_url"]), str(state["redis_url"])
        if time.monotonic() > deadline:
            raise OfficeError(
                f"{var.path} is in use by process {var.holder_pid()}: try again when it has ended"
            )
        if state and not is_reported:
            say(f"waiting for process {var.holder_pid()}, which uses {var.path}")
            is_reported = True
        time.sleep(0.1)
    return None


@contextmanager
def started_engines(var: Var, *, with_broker: bool) -> Iterator[tuple[str, str]]:
    """Run PostgreSQL, and Valkey when asked for, inside the context; the caller holds the lock."""
    orphans.clear(var)
    var.write_state(new_state("command"))
    postgres, valkey = engines_for(var)
    engines: list[Engine] = [postgres, valkey] if with_broker else [postgres]
    try:
        with exit_on_signals():
            for engine in engines:
                engine.log_path = var.log / f"{engine.data_dir.name}.log"
                engine.start()
            for engine in engines:
                engine.wait_ready()
            yield postgres.url, valkey.url
    finally:
        for engine in reversed(engines):
            engine.stop()
        (var.path / "run.json").unlink(missing_ok=True)


@contextmanager
def exit_on_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into ``SystemExit`` inside the context, so that commands clean up."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}

    def leave(number: int, _: object) -> None:
        sys.exit(128 + number)

    for each in before:
        signal.signal(each, leave)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
