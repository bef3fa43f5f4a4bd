"""``make backup``: writes the office's database and private files to one archive.

The office may run meanwhile.
"""

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
from officeflow.local.office_servers import exit_on_signals, files_folder, open_servers
from officeflow.local.output import say
from officeflow.local.run_options import RunOptions
from officeflow.local.var_folder import PROJECT, OfficeError, Var

COUNTED_TABLES = {
    "people": "staff_user",
    "customers": "frontdesk_customer",
    "orders": "frontdesk_order",
    "complaints": "frontdesk_complaint",
    "hand-offs": "handoff_handoff",
}
# Sessions and API tokens are not backed up: after a restore everybody signs in again.
EXCLUDED = (
    "--exclude-table-data=django_session",
    "--exclude-table-data=knox_authtoken",
    "--no-unlogged-table-data",
)


def backup(environment: Mapping[str, str]) -> int:
    """Make one backup, print its path and return the exit code.

    Raises:
        OfficeError: the backup cannot be made; the message is one line.
    """
    options, var = RunOptions.from_environment(environment), Var.from_environment(environment)
    target = backup_path(environment.get("FILE", ""), var)
    files = files_folder(environment.get("OFFICEFLOW_FILES", ""), var)
    with (
        exit_on_signals(),
        open_servers(options, var, with_broker=False) as (database_url, redis_url),
    ):
        write_backup(Database(database_url), files, target)
        programs = options.program_environment(var, database_url, redis_url)
        if run_management_command(programs, "backup_trail", "--made", target.name) != 0:
            say("the backup is made, but it could not be recorded in the audit trail")
    print(target, flush=True)
    return 0


def backup_path(requested: str, var: Var, *, suffix: str = "") -> Path:
    """Return the path of a new backup: the requested file or folder, else in ``var/backups``.

    Raises:
        OfficeError: the file exists already, or its folder does not.
    """
    name = f"officeflow-{datetime.now(UTC):%Y%m%d-%H%M%S}{suffix}.tar"
    if requested:
        path = Path(requested).expanduser().absolute()
        # A path with a slash at the end names a folder, even one that does not exist.
        path = path / name if path.is_dir() or requested.endswith("/") else path
        if not path.parent.is_dir():
            raise OfficeError(f"{path.parent} is not a folder: create it first")
    else:
        path = var.path / "backups" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise OfficeError(f"{path} exists already: name another FILE")
    return path


def write_backup(database: Database, files: Path, target: Path) -> Manifest:
    """Write the archive: one snapshot of the database, and every file that its rows refer to.

    Raises:
        OfficeError: the database cannot be read, or the file cannot be written.
    """
    with Writer(target) as writer, tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # Files are added before and after the dump, so that the archive has every file of the
        # snapshot even when some are added or removed meanwhile.
        add_files(writer, files)
        with database.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            manifest = read_manifest(cursor)
            dump = Path(scratch) / DUMP
            progress = Progress("reading the database")
            database.run_program(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={dump}",
                *EXCLUDED,
                watch=lambda: progress.update(
                    megabytes(dump.stat().st_size if dump.exists() else 0)
                ),
            )
            progress.done(megabytes(dump.stat().st_size))
        writer.add(DUMP, dump)
        add_files(writer, files)
        manifest = replace(manifest, members=writer.members)
        writer.finish(manifest)
    say(f"{manifest.summary()}, {len(manifest.files)} files: {megabytes(target.stat().st_size)}")
    return manifest


def add_files(writer: Writer, files: Path) -> None:
    """Add every private file that is not in the archive yet."""
    progress = Progress("packing files")
    for path in regular_files(files):
        name = FILES + path.relative_to(files).as_posix()
        if name not in writer.members:
            try:
                writer.add(name, path)
            except FileNotFoundError:  # removed since it was listed
                continue
            progress.update(str(len(writer.members)))
    progress.done(str(len(writer.members)))


def regular_files(files: Path) -> Iterator[Path]:
    """Yield the regular files below a folder in the order of their names; no symbolic links."""
    for folder, folders, names in os.walk(files):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def read_manifest(cursor: Any) -> Manifest:
    """Return the manifest of the database in the cursor's transaction, still without members.

    Raises:
        OfficeError: the database is not an office's.
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
        counts=count_records(cursor),
    )


def count_records(cursor: Any) -> dict[str, int]:
    """Return the number of rows in each of the `COUNTED_TABLES` that exists."""
    found = {}
    for name, table in COUNTED_TABLES.items():
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone() == (True,):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[name] = int(cursor.fetchone()[0])
    return found


def office_version() -> str:
    """Return the version of OfficeFlow, from pyproject.toml."""
    text = (PROJECT / "pyproject.toml").read_text()
    return str(tomllib.loads(text)["project"]["version"])


def run_management_command(environment: Mapping[str, str], *arguments: str) -> int:
    """Run ``manage.py`` without its standard output and return its exit code."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode
