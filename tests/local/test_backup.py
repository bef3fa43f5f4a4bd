"""Backup and restore, and the archives that restore refuses.

The test database is backed up and restored under another name on the same server; one test runs the
commands themselves.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from backoffice.tickets.models import Ticket
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.handoff.models import Handoff
from officeflow.local import archive
from officeflow.local.backup import backup_path, write_backup
from officeflow.local.databases import Database
from officeflow.local.restore import (
    office_in,
    own_migrations,
    refuse_newer_version,
    replace_data,
    restore,
    temporary_prefix,
)
from officeflow.local.var_folder import PROJECT, OfficeError, Var
from tests.local.commands import run_command, user_environment

ROWS = (
    "SELECT number, gross FROM frontdesk_order ORDER BY number",
    "SELECT subject, destination, state, attempts FROM handoff_handoff ORDER BY id",
    "SELECT action, subject FROM audit_auditentry ORDER BY id",
    "SELECT app, name FROM django_migrations ORDER BY id",
)


def no_preparation(_: Database) -> None:
    """Leaves the restored database as it is."""


def query(database: Database, statement: str) -> list[tuple]:
    with database.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def rows(database: Database) -> list[list[tuple]]:
    return [query(database, statement) for statement in ROWS]


def contents(folder: Path) -> dict[str, bytes]:
    found = folder.rglob("*")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()
    }


def names(database: Database) -> list[str]:
    with database.maintenance_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        own = (temporary_prefix(database), database.name)
        return [name for (name,) in cursor.fetchall() if name.startswith(own)]


@pytest.fixture
def database() -> Database:
    """The database of this test run."""
    name = connection.settings_dict["NAME"]
    return Database(os.environ["DATABASE_URL"]).sibling(str(name))


@pytest.fixture
def copy(database):
    """A database that does not exist yet, into which tests restore."""
    copy = database.sibling(f"{database.name}_copy")
    yield copy
    with copy.maintenance_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)')


@pytest.fixture
def files(tmp_path) -> Path:
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "photo").write_bytes(b"a broken lamp")
    (folder / "letter").write_bytes(b"dear office")
    return folder


@pytest.mark.django_db(transaction=True)
def test_restored_data_equals_the_backup_and_waiting_hand_offs_are_applied_once(
    database, copy, files, tmp_path, rita, mug
):
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    order = place_order(actor=rita, customer=None, lines=lines)
    before, path, elsewhere = rows(database), tmp_path / "office.tar", tmp_path / "other" / "files"
    manifest = write_backup(database, files, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (manifest.office, manifest.counts["orders"]) == ("The Paper Lantern", 1)
    assert archive.inspect(path) == manifest

    # Restore where no database exists.
    assert office_in(copy) is None
    replace_data(path, manifest, copy, elsewhere, no_preparation, scratch=tmp_path)
    assert rows(copy) == before
    assert contents(elsewhere) == contents(files)
    assert office_in(copy) == "The Paper Lantern"

    # Restore over changed data: new rows and files are removed, changed ones are restored.
    with copy.cursor() as cursor:
        cursor.execute("UPDATE company_office SET name = 'Another'")
        cursor.execute("UPDATE handoff_handoff SET state = 'dead'")
        cursor.execute("CREATE TABLE of_a_newer_version (id int)")
    (elsewhere / "letter").write_bytes(b"dear nobody")
    (elsewhere / "ab" / "photo").unlink()
    (elsewhere / "later").write_bytes(b"later")
    assert office_in(copy) == "Another"
    replace_data(path, manifest, copy, elsewhere, no_preparation, scratch=tmp_path)
    assert rows(copy) == before
    assert contents(elsewhere) == contents(files)
    assert query(copy, "SELECT to_regclass('of_a_newer_version')") == [(None,)]
    assert sorted(names(copy)) == sorted([copy.name])

    # The restored hand-offs are applied, each once.
    drained = subprocess.run(
        [sys.executable, "manage.py", "drain"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": copy.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert drained.returncode == 0, drained.stderr
    assert query(copy, "SELECT DISTINCT state FROM handoff_handoff") == [("applied",)]
    counted = "SELECT count(*) FROM {} WHERE order_number = '{}'"
    for table in ("accounting_receivable", "hr_commission"):
        assert query(copy, counted.format(table, order.number)) == [(1,)]
    assert query(copy, "SELECT count(*) FROM tickets_ticket") == [(1,)]
    assert Handoff.objects.filter(state="waiting").count() == 3
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_restore_leaves_the_restores_of_other_offices_alone(
    database, copy, files, tmp_path, office
):
    path = tmp_path / "office.tar"
    manifest = write_backup(database, files, path)
    neighbour = copy.sibling(f"{copy.name}_next")
    running, left = (each.sibling(f"{temporary_prefix(each)}1") for each in (neighbour, copy))
    with copy.maintenance_cursor() as cursor:
        for each in (running, left):
            cursor.execute(f'CREATE DATABASE "{each.name}"')
    with psycopg2.connect(running.url) as client:
        replace_data(path, manifest, copy, tmp_path / "new", no_preparation, scratch=tmp_path)
        client.cursor().execute("SELECT 1")
    client.close()
    assert names(copy) == [copy.name]
    with copy.maintenance_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{running.name}"')


@pytest.mark.django_db(transaction=True)
def test_a_failed_restore_changes_nothing(database, copy, files, tmp_path, office):
    path, elsewhere = tmp_path / "office.tar", tmp_path / "there"
    manifest = write_backup(database, files, path)
    replace_data(path, manifest, copy, elsewhere, no_preparation, scratch=tmp_path)
    with copy.cursor() as cursor:
        cursor.execute("UPDATE company_office SET name = 'Gone on'")
    (elsewhere / "letter").write_bytes(b"gone on")
    (elsewhere / "ab" / "photo").unlink()
    left = contents(elsewhere)

    def fail(_: Database) -> None:
        raise OfficeError("the migrations do not run")

    with pytest.raises(OfficeError, match="do not run"):
        replace_data(path, manifest, copy, elsewhere, fail, scratch=tmp_path)
    with psycopg2.connect(copy.url) as client:
        with pytest.raises(OfficeError, match="other users"):  # another client is connected
            replace_data(path, manifest, copy, elsewhere, no_preparation, scratch=tmp_path)
        with pytest.raises(OfficeError, match="stop the office first"):
            office_in(copy)
    client.close()
    assert query(copy, "SELECT name FROM company_office") == [("Gone on",)]
    assert contents(elsewhere) == left
    assert names(copy) == [copy.name]


def test_make_backup_and_make_restore_in_an_empty_folder(
    engine_folder, django_db_setup, django_db_blocker, database
):
    path, var = engine_folder / "office.tar", engine_folder / "var"
    with django_db_blocker.unblock():
        manifest = write_backup(database, engine_folder / "none", path)
    environment = user_environment(var)
    restored = run_command(environment | {"FILE": str(path)}, "restore")
    assert restored.returncode == 0, restored.stderr
    assert "restored" in restored.stderr
    made = run_command(environment, "backup")
    assert made.returncode == 0, made.stderr
    again = archive.inspect(Path(made.stdout.strip()))
    assert Path(made.stdout.strip()).parent == var / "backups"
    assert again.counts == manifest.counts
    assert set(manifest.migrations) <= set(again.migrations)
    assert not (var / "run.json").exists()


def small(path: Path, change=lambda members: None, **more) -> Path:
    """Writes an archive of two members whose manifest is right until `change` alters a member."""
    members = {archive.DUMP: b"the dump", "files/a": b"a photo"}
    manifest = {
        "version": "0.1.0",
        "made_at": "2026-11-21T10:00:00+00:00",
        "office": "The Paper Lantern",
        "postgres": "PostgreSQL 18",
        "migrations": ["frontdesk.0001_initial", "gone.0009_app_that_went"],
        "counts": {"orders": 1},
        "format": 1,
        "members": {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
        },
    } | more
    members[archive.MANIFEST] = json.dumps(manifest).encode()
    change(members)
    with tarfile.open(path, "w") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


def test_a_complete_archive_is_accepted(tmp_path):
    manifest = archive.inspect(small(tmp_path / "office.tar"))
    assert manifest.files == ["a"]
    refuse_newer_version(tmp_path, manifest)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda members: members.update({"files/a": b"a Photo"}),
            "damaged: files/a does not match",
        ),
        (lambda members: members.pop("files/a"), "damaged: files/a does not match"),
        (lambda members: members.pop("database.dump"), "damaged: database.dump does not match"),
        (lambda members: members.update({"files/b": b"more"}), "damaged: files/b does not match"),
        (lambda members: members.pop("manifest.json"), "no manifest"),
        (lambda members: members.update({"manifest.json": b"{"}), "manifest cannot be read"),
        (lambda members: members.update({"manifest.json": b"[]"}), "manifest is incomplete"),
        (lambda members: members.update({"files/../../x": b"out"}), "not a backup"),
        (lambda members: members.update({"/etc/x": b"out"}), "not a backup"),
    ],
)
def test_an_archive_that_differs_from_its_manifest_is_refused(tmp_path, change, words):
    with pytest.raises(OfficeError, match=words) as refused:
        archive.inspect(small(tmp_path / "office.tar", change))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("cut", [0, 100, 516, 700, 2000])
def test_a_truncated_archive_is_refused(tmp_path, cut):
    path = small(tmp_path / "office.tar")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(OfficeError, match="damaged"):
        archive.inspect(path)


def test_a_file_that_is_not_a_backup_is_refused(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8" * 4000)
    for path, words in (
        (tmp_path / "photo.jpg", "not a backup"),
        (tmp_path / "x", "does not exist"),
    ):
        with pytest.raises(OfficeError, match=words):
            restore({"FILE": str(path), "OFFICEFLOW_VAR": str(tmp_path / "var")})
    with pytest.raises(OfficeError, match="name the backup"):
        restore({"OFFICEFLOW_VAR": str(tmp_path / "var")})
    assert not (tmp_path / "var").exists()


def test_a_backup_of_a_newer_version_is_refused(tmp_path):
    newer = small(tmp_path / "office.tar", migrations=["frontdesk.9999_flying_carpets"])
    with pytest.raises(OfficeError, match="9999_flying_carpets"):
        restore({"FILE": str(newer), "OFFICEFLOW_VAR": str(tmp_path / "var")})
    with pytest.raises(OfficeError, match="newer OfficeFlow"):
        archive.inspect(small(tmp_path / "next.tar", format=2))


def test_own_migrations_are_found_on_the_disk():
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    packages = ("officeflow.", "frontdesk", "backoffice.")
    own = [each.label for each in apps.get_app_configs() if each.name.startswith(packages)]
    disk = MigrationLoader(None).disk_migrations or {}
    assert own_migrations() == {f"{app}.{name}" for app, name in disk if app in own}


def test_a_running_office_is_not_restored(tmp_path):
    path = small(tmp_path / "office.tar", migrations=[])
    with ExitStack() as stack:
        var = Var(tmp_path / "var")
        var.open()
        assert var.lock.acquire()
        stack.callback(var.lock.release)
        with pytest.raises(OfficeError, match="in use"):
            restore({"FILE": str(path), "OFFICEFLOW_VAR": str(var.path)})


def test_a_backup_never_overwrites_a_file(tmp_path):

    var = Var(tmp_path / "var")
    (tmp_path / "there.tar").touch()
    with pytest.raises(OfficeError, match="exists already"):
        backup_path(str(tmp_path / "there.tar"), var)
    with pytest.raises(OfficeError, match="is not a folder"):
        backup_path(str(tmp_path / "nowhere" / "x.tar"), var)
    with pytest.raises(OfficeError, match="is not a folder"):
        backup_path(f"{tmp_path / 'nowhere'}/", var)
    assert backup_path(str(tmp_path), var).parent == tmp_path
    assert backup_path("", var).parent == tmp_path / "var" / "backups"
