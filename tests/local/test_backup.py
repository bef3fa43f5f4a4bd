"""Backups by doing it: fill, back up, change, restore, compare; and every way it can fail.

The database of the tests is backed up and comes back under another name on the same server; one
test gives the commands themselves to an empty folder.
"""

from __future__ import annotations

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
from frontdesk.orders.actions import NewLine, place_order
from officeflow.handoff.models import Handoff
from officeflow.local import archive
from officeflow.local.backup import make
from officeflow.local.databases import Database
from officeflow.local.places import PROJECT, OfficeError, Var
from officeflow.local.restore import (
    FRESH,
    check_age,
    migrations_here,
    office_in,
    put_back,
    restore,
)

ROWS = (
    "SELECT number, gross FROM frontdesk_order ORDER BY number",
    "SELECT subject, destination, state, attempts FROM handoff_handoff ORDER BY id",
    "SELECT action, subject FROM audit_auditentry ORDER BY id",
    "SELECT app, name FROM django_migrations ORDER BY id",
)


def as_they_are(_: Database) -> None:
    """A restored database that needs nothing more."""


def ask(database: Database, statement: str) -> list[tuple]:
    with database.session() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def rows(database: Database) -> list[list[tuple]]:
    return [ask(database, statement) for statement in ROWS]


def contents(folder: Path) -> dict[str, bytes]:
    found = folder.rglob("*")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()
    }


def names(database: Database) -> list[str]:
    with database.server() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall() if name.startswith((FRESH, database.name))]


@pytest.fixture
def ours() -> Database:
    """The database of this test run."""
    name = connection.settings_dict["NAME"]
    return Database(os.environ["DATABASE_URL"]).beside(str(name))


@pytest.fixture
def copy(ours):
    """Where it comes back."""
    copy = ours.beside(f"{ours.name}_copy")
    yield copy
    with copy.server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy.name}" WITH (FORCE)')


@pytest.fixture
def files(tmp_path) -> Path:
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "photo").write_bytes(b"a broken lamp")
    (folder / "letter").write_bytes(b"dear office")
    return folder


@pytest.mark.django_db(transaction=True)
def test_the_office_comes_back_as_it_was_and_what_waited_is_applied_once(
    ours, copy, files, tmp_path, rita, mug
):
    lines = [NewLine(product=mug, quantity=Decimal(1))]
    order = place_order(actor=rita, customer=None, lines=lines)
    before, path, elsewhere = rows(ours), tmp_path / "office.tar", tmp_path / "other" / "files"
    manifest = make(ours, files, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (manifest.office, manifest.counts["orders"]) == ("The Paper Lantern", 1)
    assert archive.inspect(path) == manifest

    # Into nothing: the empty place of another office.
    assert office_in(copy) is None
    put_back(path, manifest, copy, elsewhere, as_they_are, scratch=tmp_path)
    assert rows(copy) == before
    assert contents(elsewhere) == contents(files)
    assert office_in(copy) == "The Paper Lantern"

    # Over an office that has gone on: new rows and files go, changed ones are as they were.
    with copy.session() as cursor:
        cursor.execute("UPDATE company_office SET name = 'Another'")
        cursor.execute("UPDATE handoff_handoff SET state = 'dead'")
        cursor.execute("CREATE TABLE of_a_newer_version (id int)")
    (elsewhere / "letter").write_bytes(b"dear somebody")
    (elsewhere / "ab" / "photo").unlink()
    (elsewhere / "later").write_bytes(b"later")
    assert office_in(copy) == "Another"
    put_back(path, manifest, copy, elsewhere, as_they_are, scratch=tmp_path)
    assert rows(copy) == before
    assert contents(elsewhere) == contents(files)
    assert ask(copy, "SELECT to_regclass('of_a_newer_version')") == [(None,)]
    assert sorted(names(copy)) == sorted([copy.name])

    # The wake-up was sent long ago and is lost; the hand-offs are still to be applied, each once.
    drained = subprocess.run(
        [sys.executable, "manage.py", "drain"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": copy.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert drained.returncode == 0, drained.stderr
    assert ask(copy, "SELECT DISTINCT state FROM handoff_handoff") == [("applied",)]
    counted = "SELECT count(*) FROM {} WHERE order_number = '{}'"
    for table in ("accounting_receivable", "hr_commission"):
        assert ask(copy, counted.format(table, order.number)) == [(1,)]
    assert ask(copy, "SELECT count(*) FROM tickets_ticket") == [(1,)]
    assert Handoff.objects.filter(state="waiting").count() == 3
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_restore_that_fails_leaves_the_office_as_it_is(ours, copy, files, tmp_path, office):
    path, elsewhere = tmp_path / "office.tar", tmp_path / "there"
    manifest = make(ours, files, path)
    put_back(path, manifest, copy, elsewhere, as_they_are, scratch=tmp_path)
    with copy.session() as cursor:
        cursor.execute("UPDATE company_office SET name = 'Gone on'")
    (elsewhere / "letter").write_bytes(b"gone on")
    (elsewhere / "ab" / "photo").unlink()
    left = contents(elsewhere)

    def fail(_: Database) -> None:
        raise OfficeError("the migrations do not run")

    with pytest.raises(OfficeError, match="do not run"):
        put_back(path, manifest, copy, elsewhere, fail, scratch=tmp_path)
    with psycopg2.connect(copy.url) as visitor:
        with pytest.raises(OfficeError, match="other users"):  # somebody came in meanwhile
            put_back(path, manifest, copy, elsewhere, as_they_are, scratch=tmp_path)
        with pytest.raises(OfficeError, match="close the office first"):
            office_in(copy)
    visitor.close()
    assert ask(copy, "SELECT name FROM company_office") == [("Gone on",)]
    assert contents(elsewhere) == left
    assert names(copy) == [copy.name]


def test_the_commands_themselves_in_an_empty_folder(
    engine_room, django_db_setup, django_db_blocker, ours
):
    path, var = engine_room / "office.tar", engine_room / "var"
    with django_db_blocker.unblock():
        manifest = make(ours, engine_room / "none", path)
    ours_alone = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "STATIC_ROOT")
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ours_alone and not key.startswith(("OFFICEFLOW", "PYTEST", "DJANGO"))
    }
    environment |= {"OFFICEFLOW_VAR": str(var)}

    def command(word: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "officeflow.local", word],
            cwd=PROJECT,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    restored = command("restore", FILE=str(path))
    assert restored.returncode == 0, restored.stderr
    assert "restored" in restored.stderr
    made = command("backup")
    assert made.returncode == 0, made.stderr
    again = archive.inspect(Path(made.stdout.strip()))
    assert Path(made.stdout.strip()).parent == var / "backups"
    assert again.counts == manifest.counts
    assert set(manifest.migrations) <= set(again.migrations)
    assert not (var / "run.json").exists()


# --- what is refused, each in one line ----------------------------------------------------------
def small(path: Path, change=lambda members: None, **more) -> Path:
    """An archive of two members with a right manifest, `change`d before it is packed."""
    members = {archive.DUMP: b"the dump", "files/a": b"a photo"}
    import hashlib

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


def test_a_whole_one_is_taken(tmp_path):
    manifest = archive.inspect(small(tmp_path / "it.tar"))
    assert manifest.files == ["a"]
    check_age(tmp_path, manifest)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda members: members.update({"files/a": b"a Photo"}), "damaged: files/a is not"),
        (lambda members: members.pop("files/a"), "damaged: files/a is not"),
        (lambda members: members.pop("database.dump"), "damaged: database.dump is not"),
        (lambda members: members.update({"files/b": b"more"}), "damaged: files/b is not"),
        (lambda members: members.pop("manifest.json"), "no manifest"),
        (lambda members: members.update({"manifest.json": b"{"}), "manifest cannot be read"),
        (lambda members: members.update({"manifest.json": b"[]"}), "manifest is not whole"),
        (lambda members: members.update({"files/../../x": b"out"}), "no backup of an office"),
        (lambda members: members.update({"/etc/x": b"out"}), "no backup of an office"),
    ],
)
def test_what_is_not_as_it_was_packed_is_refused(tmp_path, change, words):
    with pytest.raises(OfficeError, match=words) as refused:
        archive.inspect(small(tmp_path / "it.tar", change))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("cut", [0, 100, 516, 700, 2000])
def test_a_file_that_ends_too_early_is_refused(tmp_path, cut):
    path = small(tmp_path / "it.tar")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(OfficeError, match="damaged"):
        archive.inspect(path)


def test_what_is_no_backup_is_refused(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8" * 4000)
    for path, words in ((tmp_path / "photo.jpg", "no backup"), (tmp_path / "x", "not there")):
        with pytest.raises(OfficeError, match=words):
            restore({"FILE": str(path), "OFFICEFLOW_VAR": str(tmp_path / "var")})
    with pytest.raises(OfficeError, match="name the backup"):
        restore({"OFFICEFLOW_VAR": str(tmp_path / "var")})
    assert not (tmp_path / "var").exists()


def test_one_of_a_newer_version_is_refused(tmp_path):
    newer = small(tmp_path / "it.tar", migrations=["frontdesk.9999_flying_carpets"])
    with pytest.raises(OfficeError, match="9999_flying_carpets"):
        restore({"FILE": str(newer), "OFFICEFLOW_VAR": str(tmp_path / "var")})
    with pytest.raises(OfficeError, match="newer OfficeFlow"):
        archive.inspect(small(tmp_path / "next.tar", format=2))


def test_the_houses_own_migrations_are_known():
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    houses = ("officeflow.", "frontdesk", "backoffice.")
    ours = [each.label for each in apps.get_app_configs() if each.name.startswith(houses)]
    disk = MigrationLoader(None).disk_migrations or {}
    assert migrations_here() == {f"{app}.{name}" for app, name in disk if app in ours}


def test_an_office_that_is_open_is_not_restored(tmp_path):
    path = small(tmp_path / "it.tar", migrations=[])
    with ExitStack() as stack:
        var = Var(tmp_path / "var")
        var.open()
        assert var.lock.acquire()
        stack.callback(var.lock.release)
        with pytest.raises(OfficeError, match="in use"):
            restore({"FILE": str(path), "OFFICEFLOW_VAR": str(var.path)})


def test_a_backup_never_takes_the_place_of_a_file(tmp_path):
    from officeflow.local.backup import target_of

    var = Var(tmp_path / "var")
    (tmp_path / "there.tar").touch()
    with pytest.raises(OfficeError, match="there already"):
        target_of(str(tmp_path / "there.tar"), var)
    with pytest.raises(OfficeError, match="is not a folder"):
        target_of(str(tmp_path / "nowhere" / "x.tar"), var)
    with pytest.raises(OfficeError, match="is not a folder"):
        target_of(f"{tmp_path / 'nowhere'}/", var)
    assert target_of(str(tmp_path), var).parent == tmp_path
    assert target_of("", var).parent == tmp_path / "var" / "backups"
