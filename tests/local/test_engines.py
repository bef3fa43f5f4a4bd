"""The embedded engines keep their data, refuse wrong folders, and end with their parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from officeflow.local import postgres_user, processes
from officeflow.local.engines import EngineError, PostgresEngine, ValkeyEngine
from officeflow.local.processes import Identity
from officeflow.local.pytest_plugin import TemporaryFolder
from officeflow.local.var_folder import PROJECT

NO_SYNC = {"fsync": "off"}

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.fixture
def postgres(engine_folder):
    """A PostgreSQL that was never started."""
    engine = PostgresEngine(engine_folder / "postgres", engine_folder / "run", NO_SYNC)
    yield engine
    engine.kill()


@pytest.fixture(scope="module")
def cluster():
    """A data folder; tests copy it, which is faster than creating one."""
    folder = TemporaryFolder()
    with PostgresEngine(folder.path / "postgres", folder.path / "run", NO_SYNC):
        pass
    yield folder.path / "postgres"
    folder.delete()


@pytest.fixture
def used(postgres, cluster):
    """A PostgreSQL that ran before and was stopped."""
    subprocess.run(["cp", "-a", cluster, postgres.data_dir], check=True)
    return postgres


@pytest.fixture
def valkey(engine_folder):
    engine = ValkeyEngine(engine_folder / "valkey", engine_folder / "run")
    yield engine
    engine.kill()


def query(engine: PostgresEngine, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(engine.url, connect_timeout=2)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def client(engine: ValkeyEngine) -> redis.Redis:
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(engine.socket_path), socket_timeout=0.3, retry=once)


def start(engine: PostgresEngine | ValkeyEngine) -> None:
    engine.start()
    engine.wait_ready()


def test_a_killed_postgres_keeps_committed_data(used):
    start(used)
    query(used, "CREATE TABLE kept AS SELECT 7 AS number")
    used.kill()

    start(used)

    assert query(used, "SELECT number FROM kept") == [(7,)]


def test_a_stopped_or_killed_valkey_keeps_its_data(valkey):
    start(valkey)
    client(valkey).set("kept", "7")
    valkey.stop()
    start(valkey)
    assert client(valkey).get("kept") == b"7"
    valkey.kill()
    start(valkey)
    assert client(valkey).get("kept") == b"7"


def test_stopped_engines_leave_no_process(used, valkey):
    start(used)
    start(valkey)
    started = [Identity.of(used.pid), Identity.of(valkey.pid)]
    assert all(identity and identity.is_alive() for identity in started)

    used.stop()
    valkey.stop()

    assert not any(identity and identity.is_alive() for identity in started)
    assert processes.pids_in_folder("postgres", used.data_dir) == []


def test_a_paused_valkey_does_not_answer_until_resumed(valkey):
    start(valkey)
    valkey.pause()
    with pytest.raises(redis.TimeoutError):
        client(valkey).ping()
    valkey.resume()
    assert client(valkey).ping()


PARENT = """
import sys
from pathlib import Path
from officeflow.local.engines import PostgresEngine, ValkeyEngine
folder = Path(sys.argv[1])
for engine in (PostgresEngine(folder / "postgres", folder / "run"),
               ValkeyEngine(folder / "valkey", folder / "run")):
    engine.start()
    engine.wait_ready()
    print(engine.pid, flush=True)
sys.stdin.read()
"""


def test_engines_die_with_the_process_that_started_them(engine_folder):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(engine_folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    engines = [Identity.of(int(parent.stdout.readline())) for _ in range(2)]
    assert all(identity and identity.is_alive() for identity in engines)

    parent.kill()
    parent.communicate()

    assert processes.wait_until(
        lambda: not any(identity and identity.is_alive() for identity in engines), 10
    )


def test_a_stale_pid_file_is_removed_and_the_other_process_is_not_killed(used):
    start(used)
    used.kill()
    other = subprocess.Popen(["sleep", "60"])
    try:
        mark = used.data_dir / "postmaster.pid"
        lines = mark.read_text().splitlines()
        mark.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")

        start(used)

        assert query(used, "SELECT 1") == [(1,)]
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_folder_in_use_is_refused(used, valkey):
    start(used)
    start(valkey)
    for engine in (
        PostgresEngine(used.data_dir, used.socket_dir),
        ValkeyEngine(valkey.data_dir, valkey.socket_dir),
    ):
        with pytest.raises(EngineError, match="in use"):
            engine.start()


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("17\n", "made by PostgreSQL 17"),
        ("", "damaged"),
        ("\x00garbage", "damaged"),
        ("\xff\xfe\0", "PG_VERSION is damaged"),
        (None, "not a PostgreSQL data folder"),
    ],
)
def test_a_foreign_data_folder_is_refused_and_not_changed(postgres, version, words):
    folder = postgres.data_dir
    folder.mkdir(mode=0o700)
    (folder / "other.txt").write_text("precious")
    if version is not None:
        (folder / "PG_VERSION").write_text(version, encoding="latin-1")

    with pytest.raises(EngineError, match=words) as refused:
        postgres.start()

    assert "\n" not in str(refused.value)
    assert (folder / "other.txt").read_text() == "precious"


def test_a_damaged_cluster_fails_with_one_line(used):
    start(used)
    used.stop()
    (used.data_dir / "global" / "pg_control").write_bytes(b"\x00" * 8192)

    used.start()
    with pytest.raises(EngineError) as refused:
        used.wait_ready()

    assert "\n" not in str(refused.value)
    assert str(used.data_dir) in str(refused.value)


def test_paths_with_spaces_work(engine_folder):
    folder = engine_folder / "the office, at home"
    with PostgresEngine(folder / "postgres", engine_folder / "run", NO_SYNC) as postgres:
        assert query(postgres, "SELECT 1") == [(1,)]


def test_a_start_after_an_interrupted_first_start_works(postgres):
    half = postgres.data_dir.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    start(postgres)

    assert query(postgres, "SELECT 1") == [(1,)]
    assert not half.exists()


@as_root
def test_root_without_namespaces_runs_postgres_as_another_account(engine_folder, monkeypatch):
    monkeypatch.setattr(postgres_user, "works_in_namespace", lambda program: False)
    engine = PostgresEngine(engine_folder / "postgres", engine_folder / "run", NO_SYNC)
    with engine:
        assert engine.run_as is not None
        assert engine.run_as.kind == "account"
        assert (Path("/proc") / str(engine.pid)).stat().st_uid == engine.run_as.uid != 0
        assert query(engine, "SELECT 1") == [(1,)]


@as_root
def test_data_and_binaries_move_where_the_account_can_reach_them(engine_folder, monkeypatch):
    monkeypatch.setattr(postgres_user, "works_in_namespace", lambda program: False)
    monkeypatch.setattr(postgres_user, "SHARED_HOME", engine_folder / "shared")
    private = engine_folder / "private"
    private.mkdir(mode=0o700)
    with PostgresEngine(private / "postgres", engine_folder / "run") as engine:
        query(engine, "CREATE TABLE kept AS SELECT 7 AS number")
    assert (private / "postgres").resolve().is_relative_to(engine_folder / "shared")
    assert private.stat().st_mode & 0o777 == 0o700
    again = PostgresEngine(private / "postgres", engine_folder / "run")
    with again:
        assert query(again, "SELECT number FROM kept") == [(7,)]


def test_killing_postgres_kills_its_child_processes(used):
    start(used)
    connection = psycopg2.connect(used.url)
    connection.cursor().execute("SELECT 1")
    leader = Identity.of(used.pid)
    children = processes.pids_in_folder("postgres", used.data_dir)
    assert len(children) > 1

    used.kill()

    assert leader is not None
    assert not leader.is_alive()
    assert processes.wait_until(
        lambda: processes.pids_in_folder("postgres", used.data_dir) == [], 5
    )
    connection.close()


def test_a_process_with_a_reused_id_gets_no_signal():
    other = subprocess.Popen(["sleep", "60"])
    try:
        now = Identity.of(other.pid)
        assert now is not None
        before = Identity(now.pid, now.started - 1, now.boot)

        assert processes.terminate_all([before], signal.SIGKILL, 0) == 0

        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
