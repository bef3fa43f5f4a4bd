"""A pytest plugin that starts one PostgreSQL and one Valkey for the whole test run.

Loaded by ``-p officeflow.local.pytest_plugin`` in pyproject.toml, so that the engines run before
Django's settings are read. The controlling process starts them; workers of pytest-xdist inherit its
environment and use a Valkey database each. With ``DATABASE_URL`` and ``REDIS_URL`` set, the tests
run on those servers instead.

A test that kills engines starts its own in the folder of the fixture ``engine_folder``:

    def test_orders_survive_a_restart(engine_folder):
        with PostgresEngine(engine_folder / "postgres", engine_folder / "run") as postgres:
            ...
"""

import atexit
import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from officeflow.local.engines import TEST_SETTINGS, PostgresEngine, ValkeyEngine
from officeflow.local.gc_tuning import collect_less_often
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import OfficeError

WORKER = "PYTEST_XDIST_WORKER"
URLS = ("DATABASE_URL", "REDIS_URL")
SERVER_SETTINGS = {
    **TEST_SETTINGS,
    "max_connections": "200",
    # Tests roll back or delete what they write.
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    # A test that waits for a lock which nobody releases fails and says where.
    "statement_timeout": "2min",
    "idle_in_transaction_session_timeout": "2min",
}
BROKER_SETTINGS = {"appendonly": "no"}


class TemporaryFolder:
    """A temporary folder with a short path that an engine under another account can enter."""

    def __init__(self) -> None:
        """Create the folder; in ``/tmp`` when the system's folder has too long a path."""
        base = tempfile.gettempdir()
        self.path = Path(tempfile.mkdtemp(prefix="office-", dir=base if len(base) < 60 else "/tmp"))
        self.path.chmod(0o711)

    def delete(self) -> None:
        """Delete the folder with its content."""
        shutil.rmtree(self.path, ignore_errors=True)


class Engines:
    """The two engines of one test run."""

    def __init__(self, folder: Path) -> None:
        """Keep the data in ``folder``; starts nothing yet."""
        self.postgres = PostgresEngine(folder / "postgres", folder / "run", SERVER_SETTINGS)
        self.valkey = ValkeyEngine(folder / "valkey", folder / "run", BROKER_SETTINGS)

    def start(self) -> None:
        """Start both at the same time and wait until both answer."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.wait_ready()
        self.valkey.wait_ready()

    def stop(self) -> None:
        """Kill both; their data is deleted too, so an orderly stop is not needed."""
        self.valkey.kill()
        self.postgres.kill()


def broker_database(url: str, number: int) -> str:
    """Return the broker's URL with another database number."""
    if url.startswith("redis+socket:"):
        return f"{url.partition('?')[0]}?virtual_host={number}"
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{number}"))


def uses_external_servers(environment: Mapping[str, str]) -> bool:
    """Return whether the caller set ``DATABASE_URL`` and ``REDIS_URL``.

    Raises:
        OfficeError: only one of the two is set.
    """
    urls = {name: environment.get(name, "") for name in URLS}
    return not RunOptions.from_environment(urls).embedded


TEMPLATE = "test_template"
TEMPLATE_VARIABLE = "OFFICEFLOW_TEST_TEMPLATE"  # path of a file that has content once it is made

_folder: TemporaryFolder | None = None
_engines: Engines | None = None


def start_engines() -> None:
    """Set the environment variables that the settings read, and start the engines."""
    global _engines, _folder
    os.environ["OFFICEFLOW_MODE"] = "test"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    # The browser tests use the ORM in a thread in which Playwright runs its event loop.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if WORKER in os.environ:
        number = int("".join(filter(str.isdigit, os.environ[WORKER])) or 0)
        os.environ["REDIS_URL"] = broker_database(os.environ["REDIS_URL"], number)
        return
    atexit.register(stop_engines)
    _folder = TemporaryFolder()
    os.environ["OFFICEFLOW_VAR"] = str(_folder.path)  # tests never use the project's var/
    (_folder.path / "static").mkdir()
    if uses_external_servers(os.environ):
        return
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # libpq would use the caller's host or port
    _engines = Engines(_folder.path)
    _engines.start()
    # Tests create databases and empty tables; tests/local run as the office's own role.
    os.environ["DATABASE_URL"] = _engines.postgres.superuser_url
    os.environ["REDIS_URL"] = _engines.valkey.url
    os.environ[TEMPLATE_VARIABLE] = str(_folder.path / "template")


def shared_template() -> str | None:
    """Return the name of a migrated database which each pytest-xdist worker copies.

    The first worker creates it while the others wait, because migrating takes 15 seconds. Returns
    None without workers, and on the caller's servers.
    """
    if WORKER not in os.environ or TEMPLATE_VARIABLE not in os.environ:
        return None
    with open(os.environ[TEMPLATE_VARIABLE], "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file.seek(0, os.SEEK_END) == 0:
            _make_template(os.environ["DATABASE_URL"])
            file.write("made")
    return TEMPLATE


def _make_template(url: str) -> None:
    """Create and migrate the template. Raises `subprocess.CalledProcessError`."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {TEMPLATE}")
    connection.close()
    address, separator, query = url.partition("?")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ
        | {"DATABASE_URL": f"{address.rpartition('/')[0]}/{TEMPLATE}{separator}{query}"},
        check=True,
    )


def stop_engines() -> None:
    """Kill the engines and delete their folder; does nothing when they do not run."""
    global _engines, _folder
    if _engines is not None:
        engines, _engines = _engines, None
        engines.stop()
    if _folder is not None:
        folder, _folder = _folder, None
        folder.delete()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Start the engines before pytest-django reads the settings."""
    try:
        start_engines()
    except OfficeError as error:
        stop_engines()
        raise pytest.UsageError(str(error)) from error
    return (yield)


def pytest_collection_finish() -> None:
    """Exclude what is loaded so far from garbage collection, because it stays in use."""
    gc.collect()
    collect_less_often()


def pytest_unconfigure() -> None:
    """Stop the engines, after an interrupted run too."""
    stop_engines()


@pytest.fixture
def engine_folder() -> Iterator[Path]:
    """Yield a folder for engines that a test starts itself."""
    folder = TemporaryFolder()
    yield folder.path
    folder.delete()
