"""The office's database at hand for one command, whether the office runs or not."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from officeflow.local import orphans
from officeflow.local.command import running_urls
from officeflow.local.environment import Wishes
from officeflow.local.office import engines_for, new_state
from officeflow.local.places import OfficeError, Var


def files_folder(environment_value: str, var: Var) -> Path:
    """Where the office keeps its private files: what ``OFFICEFLOW_FILES`` names, else in var."""
    if environment_value:
        return Path(environment_value).expanduser().absolute()
    return var.path / "files"


@contextmanager
def addresses(wishes: Wishes, var: Var) -> Iterator[tuple[str, str]]:
    """Database and broker: of the office that runs, else of PostgreSQL started for this command.

    The broker is not started; nothing here needs it.

    Raises:
        OfficeError: the database cannot be had, said in one line.
    """
    var.open()
    if not wishes.embedded:
        yield wishes.database_url, wishes.redis_url
        return
    urls = running_urls(var)
    if urls is not None:
        yield urls
        return
    try:
        with started(var) as found:
            yield found
    finally:
        var.lock.release()


@contextmanager
def alone(wishes: Wishes, var: Var) -> Iterator[tuple[str, str]]:
    """The same while nobody else has the office open.

    Raises:
        OfficeError: the office runs, or another command works on it.
    """
    var.open()
    if not var.lock.acquire():
        holder = var.holder()
        pid = holder.get("holder", {}).get("pid", "unknown")
        if holder.get("kind") == "office":
            raise OfficeError(f"the office is open (pid {pid}): close it first, then restore")
        raise OfficeError(f"{var.path} is in use by process {pid}: try again when it is done")
    try:
        if wishes.embedded:
            with started(var) as found:
                yield found
        else:
            yield wishes.database_url, wishes.redis_url
    finally:
        var.lock.release()


@contextmanager
def started(var: Var) -> Iterator[tuple[str, str]]:
    """PostgreSQL alone, for as long as this lasts; the caller holds the lock."""
    orphans.clear(var)
    var.note(new_state("command"))
    postgres, valkey = engines_for(var)
    postgres.log_path = var.log / "postgres.log"
    try:
        with terminate_as_exception():
            postgres.start()
            postgres.wait_ready()
            yield postgres.url, valkey.url
    finally:
        postgres.stop()
        (var.path / "run.json").unlink(missing_ok=True)


@contextmanager
def terminate_as_exception() -> Iterator[None]:
    """SIGTERM and a closed terminal end the command as an error does: everything is put away."""
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
