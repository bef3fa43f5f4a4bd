"""``make manage``: one management command against the office, whether it runs or not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

from officeflow.local import orphans, postgres_user
from officeflow.local.engines import Engine
from officeflow.local.environment import Wishes
from officeflow.local.office import engines_for, new_state
from officeflow.local.output import say
from officeflow.local.places import PROJECT, OfficeError, Var

PATIENCE = 30.0  # seconds to wait for another command, or for an office that is starting


def manage(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run ``manage.py`` with these arguments; its exit code.

    Raises:
        OfficeError: the office's engines cannot be had, said in one line.
    """
    wishes = Wishes.of(environment)
    var = Var.of(environment)
    var.open()
    if not wishes.embedded:
        return call(arguments, wishes.environment(var, wishes.database_url, wishes.redis_url))
    urls = running_urls(var)
    if urls is not None:
        # Links that a command prints lead to the office that runs, whatever PORT says here.
        address = str(var.holder().get("address") or wishes.address)
        return call(arguments, wishes.environment(var, *urls, address=address))
    try:
        return with_engines(arguments, wishes, var)
    finally:
        var.lock.release()


def running_urls(var: Var) -> tuple[str, str] | None:
    """The engines' addresses in the office that runs; None when the lock is ours now.

    Raises:
        OfficeError: somebody holds the lock and does not get ready.
    """
    said = False
    deadline = time.monotonic() + PATIENCE
    while not var.lock.acquire():
        holder = var.holder()
        if holder.get("kind") == "office" and holder.get("state") in ("engines", "running"):
            return str(holder["database_url"]), str(holder["redis_url"])
        if time.monotonic() > deadline:
            who = holder.get("holder", {}).get("pid", "unknown")
            raise OfficeError(f"{var.path} is in use by process {who}: try again when it is done")
        if holder and not said:
            say(f"waiting for process {holder['holder']['pid']}, which uses {var.path}")
            said = True
        time.sleep(0.1)
    return None


def with_engines(arguments: list[str], wishes: Wishes, var: Var) -> int:
    """Start the engines for this one command; we hold the lock."""
    orphans.clear(var)
    var.note(new_state("command"))
    # SIGTERM and a closed terminal shall stop the engines, not leave them to the kernel.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    postgres, valkey = engines_for(var)
    postgres.log_path = var.log / "postgres.log"
    valkey.log_path = var.log / "valkey.log"
    engines: list[Engine] = [postgres, valkey]
    started: list[Engine] = []
    try:
        for engine in engines:
            engine.start()
            started.append(engine)
        for engine in started:
            engine.wait_ready()
        return call(arguments, wishes.environment(var, postgres.url, valkey.url))
    finally:
        for engine in reversed(started):
            engine.stop()
        (var.path / "run.json").unlink(missing_ok=True)


def call(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the command in the terminal of its caller; its exit code, as a shell counts."""
    command = postgres_user.launcher(None, os.getpid(), signal.SIGTERM)
    command += [sys.executable, "manage.py", *arguments]
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as process:
        # Ctrl-C is the command's to answer: it may be a prompt.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        except SystemExit:
            process.terminate()
            raise
        finally:
            signal.signal(signal.SIGINT, before)
    return 128 - code if code < 0 else code


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)
