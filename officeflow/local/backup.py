"""``make backup``: everything worth keeping of an office in one file, while it runs or not."""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from officeflow.local.archive import DUMP, FILES, Manifest, Writer
from officeflow.local.databases import Database, Progress, megabytes
from officeflow.local.environment import Wishes
from officeflow.local.office_database import addresses, files_folder, terminate_as_exception
from officeflow.local.output import say
from officeflow.local.places import PROJECT, OfficeError, Var

# What people count, and where its rows are.
COUNTED = {
    "people": "staff_user",
    "customers": "frontdesk_customer",
    "orders": "frontdesk_order",
    "complaints": "frontdesk_complaint",
    "hand-offs": "handoff_handoff",
}
# Who is signed in belongs to the moment, not to the office: after a restore everybody signs in.
LEFT_OUT = ("--exclude-table-data=django_session", "--no-unlogged-table-data")


def backup(environment: Mapping[str, str]) -> int:
    """Make one backup and print its path; the exit code.

    Raises:
        OfficeError: it cannot be made, said in one line.
    """
    wishes, var = Wishes.of(environment), Var.of(environment)
    target = target_of(environment.get("FILE", ""), var)
    files = files_folder(environment.get("OFFICEFLOW_FILES", ""), var)
    with terminate_as_exception(), addresses(wishes, var) as (database_url, redis_url):
        make(Database(database_url), files, target)
        told = wishes.environment(var, database_url, redis_url)
        if manage(told, "backup_trail", "--made", target.name) != 0:
            say("the backup is made, but it could not be recorded in the audit trail")
    print(target, flush=True)
    return 0


def target_of(named: str, var: Var, *, suffix: str = "") -> Path:
    """Where the backup goes: the file or folder that is named, else ``var/backups``.

    Raises:
        OfficeError: the file is there already, or its folder is not.
    """
    name = f"officeflow-{datetime.now(UTC):%Y%m%d-%H%M%S}{suffix}.tar"
    if named:
        path = Path(named).expanduser().absolute()
        # A slash at the end says that a folder is meant, whether it is there or not.
        path = path / name if path.is_dir() or named.endswith("/") else path
        if not path.parent.is_dir():
            raise OfficeError(f"{path.parent} is not a folder: make it first")
    else:
        path = var.path / "backups" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise OfficeError(f"{path} is there already: name another FILE")
    return path


def make(database: Database, files: Path, target: Path) -> Manifest:
    """Write the archive: what the database holds at one moment, and every file it speaks of.

    Raises:
        OfficeError: the database cannot be read, or the file cannot be written.
    """
    with Writer(target) as writer, tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # Files are packed before and after the database: one that is added or removed meanwhile
        # is there for whatever the database says at its moment.
        pack(writer, files)
        with database.session() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            manifest = facts(cursor)
            dump = Path(scratch) / DUMP
            progress = Progress("reading the database")
            database.run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={dump}",
                *LEFT_OUT,
                watch=lambda: progress.at(megabytes(dump.stat().st_size if dump.exists() else 0)),
            )
            progress.done(megabytes(dump.stat().st_size))
        writer.add(DUMP, dump)
        pack(writer, files)
        whole = replace(manifest, members=writer.members)
        writer.finish(whole)
    say(f"{whole.words()}, {len(whole.files)} files: {megabytes(target.stat().st_size)}")
    return whole


def pack(writer: Writer, files: Path) -> None:
    """Add every private file that is not in the archive yet."""
    progress = Progress("packing files")
    for path in walk(files):
        name = FILES + path.relative_to(files).as_posix()
        if name not in writer.members:
            try:
                writer.add(name, path)
            except FileNotFoundError:  # removed between the look and the reading
                continue
            progress.at(str(len(writer.members)))
    progress.done(str(len(writer.members)))


def walk(files: Path) -> Iterator[Path]:
    """The plain files below a folder, in the order of their names."""
    for folder, folders, names in os.walk(files):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def facts(cursor: Any) -> Manifest:
    """What the database says about itself in the cursor's transaction.

    Raises:
        OfficeError: it is no office's database.
    """
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL, version()")
    is_office, version = cursor.fetchone()
    if not is_office:
        raise OfficeError("this database has no office: there is nothing to back up")
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    cursor.execute("SELECT name FROM company_office")
    office = cursor.fetchone()
    return Manifest(
        version=office_version(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        office=office[0] if office else "",
        postgres=str(version).split(" on ")[0],
        migrations=migrations,
        counts=counts(cursor),
    )


def counts(cursor: Any) -> dict[str, int]:
    """How many there are of what people count."""
    found = {}
    for what, table in COUNTED.items():
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone() == (True,):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[what] = int(cursor.fetchone()[0])
    return found


def office_version() -> str:
    """The version of OfficeFlow, from pyproject.toml."""
    text = (PROJECT / "pyproject.toml").read_text()
    return str(tomllib.loads(text)["project"]["version"])


def manage(environment: Mapping[str, str], *words: str) -> int:
    """Run a management command quietly; its exit code. What it says goes to standard error."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode
