"""Real engines for the tests: one PostgreSQL and one Valkey for the whole test run.

Loaded by ``-p officeflow.local.pytest_plugin`` in pyproject.toml, so that the engines run before
Django's settings are read. Only the controlling process starts them; workers of pytest-xdist
inherit the environment, and each takes a Valkey database of its own. With ``DATABASE_URL`` and
``REDIS_URL`` set, the tests run against those servers instead.

A test that kills engines starts its own, in the folder that the fixture ``engine_room`` gives:

    def test_desk_survives_a_restart(engine_room):
        with PostgresEngine(engine_room / "postgres", engine_room / "run") as postgres:
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
from officeflow.local.environment import Wishes
from officeflow.local.gc_tuning import collect_less_often
from officeflow.local.places import OfficeError

WORKER = "PYTEST_XDIST_WORKER"
URLS = ("DATABASE_URL", "REDIS_URL")
SERVER_SETTINGS = {**TEST_SETTINGS, "max_connections": "200", "autovacuum_naptime": "10min"}
BROKER_SETTINGS = {"appendonly": "no"}


class TemporaryFolder:
    """A private folder with a short path, which an engine under another account can enter too."""

    def __init__(self) -> None:
        """Make the folder; the system's temporary folder may have too long a path for a socket."""
        base = tempfile.gettempdir()
        self.path = Path(tempfile.mkdtemp(prefix="office-", dir=base if len(base) < 60 else "/tmp"))
        self.path.chmod(0o711)

    def clear(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)


class Engines:
    """The two engines of one test run."""

    def __init__(self, folder: Path) -> None:
        """Nothing starts yet; the data goes into ``folder``."""
        self.postgres = PostgresEngine(folder / "postgres", folder / "run", SERVER_SETTINGS)
        self.valkey = ValkeyEngine(folder / "valkey", folder / "run", BROKER_SETTINGS)

    def start(self) -> None:
        """Start both side by side and wait until both answer."""
        self.postgres.start()
        self.valkey.start()
        self.postgres.wait_ready()
        self.valkey.wait_ready()

    def stop(self) -> None:
        """Stop both; their data goes too, so nothing is worth a good-bye."""
        self.valkey.kill()
        self.postgres.kill()


def database_of(url: str, number: int) -> str:
    """The same broker's address with another database number."""
    if url.startswith("redis+socket:"):
        return f"{url.partition('?')[0]}?virtual_host={number}"
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{number}"))


def outside_servers(environment: Mapping[str, str]) -> bool:
    """Whether the tests run against the caller's servers.

    Raises:
        OfficeError: only one of the two was named, so half of the run would be somewhere else.
    """
    return not Wishes.of({name: environment.get(name, "") for name in URLS}).embedded


TEMPLATE = "test_template"
TEMPLATE_MARK = "OFFICEFLOW_TEST_TEMPLATE"  # the file that says whether it is made

_folder: TemporaryFolder | None = None
_engines: Engines | None = None


def _start() -> None:
    """Set the environment that settings read, with engines behind it."""
    global _engines, _folder
    os.environ["OFFICEFLOW_MODE"] = "test"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
    # The browser journeys ask the ORM from a thread in which Playwright runs its event loop.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if WORKER in os.environ:
        number = int("".join(filter(str.isdigit, os.environ[WORKER])) or 0)
        os.environ["REDIS_URL"] = database_of(os.environ["REDIS_URL"], number)
        return
    atexit.register(_stop)
    _folder = TemporaryFolder()
    os.environ["OFFICEFLOW_VAR"] = str(_folder.path)  # no test touches the office's own
    (_folder.path / "static").mkdir()
    if outside_servers(os.environ):
        return
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # libpq would take the caller's host or port for ours
    _engines = Engines(_folder.path)
    _engines.start()
    os.environ["DATABASE_URL"] = _engines.postgres.url
    os.environ["REDIS_URL"] = _engines.valkey.url
    os.environ[TEMPLATE_MARK] = str(_folder.path / "template")


def shared_template() -> str | None:
    """The name of a migrated database which each of several test processes copies.

    The first of them makes it while the others wait: migrating takes each a quarter of a minute.
    None for a process alone, and at servers of the caller's.
    """
    if WORKER not in os.environ or TEMPLATE_MARK not in os.environ:
        return None
    with open(os.environ[TEMPLATE_MARK], "a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if mark.seek(0, os.SEEK_END) == 0:
            _make_template(os.environ["DATABASE_URL"])
            mark.write("made")
    return TEMPLATE


def _make_template(url: str) -> None:
    """Raises `subprocess.CalledProcessError`."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {TEMPLATE}")
    connection.close()
    address, mark, query = url.partition("?")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DATABASE_URL": f"{address.rpartition('/')[0]}/{TEMPLATE}{mark}{query}"},
        check=True,
    )


def _stop() -> None:
    global _engines, _folder
    if _engines is not None:
        engines, _engines = _engines, None
        engines.stop()
    if _folder is not None:
        folder, _folder = _folder, None
        folder.clear()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Start before every other plugin's turn: pytest-django reads the settings in its own."""
    try:
        _start()
    except OfficeError as error:
        _stop()
        raise pytest.UsageError(str(error)) from error
    return (yield)


def pytest_collection_finish() -> None:
    """What was loaded so far stays, so the garbage collector need not look at it time and again."""
    gc.collect()
    collect_less_often()


def pytest_unconfigure() -> None:
    """Stop the engines, after an interrupted run too."""
    _stop()


@pytest.fixture
def engine_room() -> Iterator[Path]:
    """A folder for engines that a test starts itself."""
    folder = TemporaryFolder()
    yield folder.path
    folder.clear()
