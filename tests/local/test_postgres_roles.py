"""The office's database role can do nothing outside its database, also in offices of before."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from officeflow.local import postgres, processes
from officeflow.local.backup import write_backup
from officeflow.local.databases import Database
from officeflow.local.engines import PostgresEngine, superuser_url
from officeflow.local.output import Log
from officeflow.local.postgres_roles import ROLE, SUPERUSER, connected
from officeflow.local.restore import refuse_superuser, replace_data
from officeflow.local.var_folder import OfficeError, Var

NO_SYNC = {"fsync": "off"}
OLD_OFFICE = """
CREATE EXTENSION pg_trgm;
CREATE TYPE size AS ENUM ('small', 'large');
CREATE TABLE mug (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, size size);
CREATE SEQUENCE numbers;
CREATE VIEW mugs AS SELECT name FROM mug;
CREATE FUNCTION count_mugs() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM mug';
INSERT INTO mug (name) VALUES ('blue');
"""


@pytest.fixture
def engine(engine_folder: Path) -> PostgresEngine:
    engine = PostgresEngine(engine_folder / "postgres", engine_folder / "run", NO_SYNC)
    yield engine  # type: ignore[misc]
    engine.kill()


def refused(cursor: object, statement: str) -> bool:
    try:
        cursor.execute(statement)  # type: ignore[attr-defined]
    except psycopg2.errors.InsufficientPrivilege:
        return True
    return False


def assert_is_bounded(engine: PostgresEngine) -> None:
    with connected(engine.socket_dir, ROLE, "officeflow") as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,) * 5
        for statement in (
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "COPY (SELECT 1) TO '/tmp/officeflow-written'",
            "SELECT pg_read_file('/etc/hostname')",
            "CREATE ROLE another",
            "CREATE DATABASE another",
            "ALTER SYSTEM SET log_statement = 'all'",
        ):
            assert refused(cursor, statement), statement


def test_a_new_office_has_a_role_without_rights_outside(engine: PostgresEngine) -> None:
    with engine:
        assert_is_bounded(engine)
        with connected(engine.socket_dir, ROLE, "officeflow") as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm; CREATE TABLE mug (id int)")


def test_an_office_of_before_is_changed_at_the_next_start(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(postgres, "SUPERUSER", ROLE)
        engine.start()

    def answers() -> bool:
        try:
            with connected(engine.socket_dir, ROLE, "postgres"):
                return True
        except psycopg2.OperationalError:
            return False

    assert processes.wait_until(answers, 20, pause=0.05)
    with connected(engine.socket_dir, ROLE, "postgres") as cursor:
        cursor.execute("CREATE DATABASE officeflow")
    with connected(engine.socket_dir, ROLE, "officeflow") as cursor:
        cursor.execute(OLD_OFFICE)
    engine.stop()

    with engine:
        assert_is_bounded(engine)
        with connected(engine.socket_dir, ROLE, "officeflow") as cursor:
            cursor.execute("ALTER TABLE mug ADD COLUMN price int")
            cursor.execute("ALTER TYPE size ADD VALUE 'huge'")
            cursor.execute("DROP VIEW mugs; DROP SEQUENCE numbers")
            cursor.execute("INSERT INTO mug (name) VALUES ('red')")
            cursor.execute("SELECT count_mugs()")
            assert cursor.fetchone() == (2,)
            cursor.execute("DROP FUNCTION count_mugs()")
        with connected(engine.socket_dir, SUPERUSER, "postgres") as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1")
            assert cursor.fetchall() == [(ROLE,), (SUPERUSER,)]
    with engine:
        assert_is_bounded(engine)


def test_a_backup_cannot_run_a_program(tmp_path: Path, transactional_db: None) -> None:
    source = Database(os.environ["DATABASE_URL"]).sibling(str(connection.settings_dict["NAME"]))
    if f"user={SUPERUSER}" not in source.url:
        pytest.skip("on the caller's server")
    proof = tmp_path / "proof"
    with source.cursor(autocommit=True) as cursor:
        cursor.execute(
            "CREATE FUNCTION evil(int) RETURNS bool LANGUAGE plpgsql AS "
            f"$$BEGIN COPY (SELECT 1) TO PROGRAM 'cat > {proof}'; RETURN true; END$$"
        )
        cursor.execute("CREATE TABLE bait (id int CHECK (evil(id)))")
        cursor.execute("INSERT INTO bait VALUES (1)")
    try:
        assert proof.exists()
        proof.unlink()
        path = tmp_path / "office.tar"
        manifest = write_backup(source, tmp_path / "files", path)
    finally:
        with source.cursor(autocommit=True) as cursor:
            cursor.execute("DROP TABLE bait; DROP FUNCTION evil(int)")
    role = source.url.replace(f"user={SUPERUSER}", f"user={ROLE}")
    target = Database(role, superuser_url(role)).sibling("officeflow_hostile")
    with pytest.raises(OfficeError, match="permission denied"):
        replace_data(path, manifest, target, tmp_path / "new", lambda _: None, scratch=tmp_path)
    assert not proof.exists()


def test_a_restore_as_a_superuser_needs_a_word(db: None) -> None:
    database = Database(os.environ["DATABASE_URL"])
    if not database.may_run_programs():
        pytest.skip("on the caller's server")
    with pytest.raises(OfficeError, match="TRUSTED=1"):
        refuse_superuser(database, {})
    refuse_superuser(database, {"TRUSTED": "1"})
    role = database.url.replace(f"user={SUPERUSER}", f"user={ROLE}")
    refuse_superuser(Database(role, database.url), {})
    for power in ("pg_execute_server_program", "pg_read_server_files", SUPERUSER):
        with database.cursor(autocommit=True) as cursor:
            cursor.execute(f"GRANT {power} TO {ROLE}")
        try:
            with pytest.raises(OfficeError, match="TRUSTED=1"):
                refuse_superuser(Database(role, database.url), {})
        finally:
            with database.cursor(autocommit=True) as cursor:
                cursor.execute(f"REVOKE {power} FROM {ROLE}")


def test_logs_are_private_and_have_no_sign_ins(tmp_path: Path) -> None:
    var = Var(tmp_path / "var")
    var.log.mkdir(parents=True, mode=0o755)
    path = var.log / "prepare.log"
    path.write_text("an earlier run\n")
    var.open()
    log = Log(path, fresh=True)
    log.feed(b"migrated\nReceptionist\trita\tsecret words\n\tDETAIL:\tx\t\n")
    log.close()
    assert var.log.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "migrated\n\tDETAIL:\tx\t\n"
    assert "Receptionist\trita\tsecret words" in log.tail
