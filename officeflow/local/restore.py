"""``make restore FILE=…``: replaces the office's data with that of a backup.

The backup is loaded into a new database, which is checked and migrated before it gets the name of
the old one. A failure before that leaves the office unchanged. The old data is backed up first.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from officeflow.local import archive
from officeflow.local.archive import DUMP, FILES, Manifest
from officeflow.local.backup import (
    backup_path,
    count_records,
    regular_files,
    run_management_command,
    write_backup,
)
from officeflow.local.databases import Database, Progress, megabytes
from officeflow.local.engines import superuser_url
from officeflow.local.office_servers import exit_on_signals, files_folder, open_servers_exclusively
from officeflow.local.output import confirm, say
from officeflow.local.run_options import TRUE, RunOptions
from officeflow.local.var_folder import PACKAGES, PROJECT, OfficeError, Var

Step = Callable[[Database], None]


def restore(environment: Mapping[str, str]) -> int:
    """Replace the office's data with the backup that ``FILE`` names and return the exit code.

    Raises:
        OfficeError: nothing was replaced; the message is one line.
    """
    options, var = RunOptions.from_environment(environment), Var.from_environment(environment)
    if not environment.get("FILE"):
        raise OfficeError("name the backup, as in make restore FILE=var/backups/officeflow-….tar")
    path = Path(environment["FILE"]).expanduser().absolute()
    files = files_folder(environment.get("OFFICEFLOW_FILES", ""), var)
    say(f"checking {path}")
    manifest = archive.inspect(path)
    refuse_newer_version(path, manifest)
    with exit_on_signals(), open_servers_exclusively(options, var) as (database_url, redis_url):

        def prepare(database: Database) -> None:
            say("migrating the database")
            programs = options.program_environment(var, database.url, redis_url)
            if run_management_command(programs, "backup_trail", "--restored", path.name) != 0:
                raise OfficeError("the backup cannot be migrated: nothing was replaced")

        database = Database(database_url, superuser_url(database_url) if options.embedded else "")
        refuse_superuser(database, environment)
        replaced = office_in(database)
        if replaced is not None:
            say(f"the backup is {manifest.summary()}")
            confirm(
                f"Type yes to replace the data of “{replaced}” with it: ",
                environment,
                unchanged=f"nothing restored over the data of “{replaced}”",
                command=f"make restore YES=1 FILE={path}",
            )
            kept = backup_path("", var, suffix="-before-restore")
            say("backing up the data that is replaced")
            write_backup(database, files, kept)
            say(f"the replaced data is kept in {kept}")
        replace_data(path, manifest, database, files, prepare, scratch=var.path)
    say(f"restored {manifest.summary()}; everybody has to sign in again")
    return 0


def refuse_superuser(database: Database, environment: Mapping[str, str]) -> None:
    """Check that nothing in a backup can run programs or read files of the database server.

    Raises:
        OfficeError: the role may do that, and `TRUSTED=1` is not set.
    """
    if database.may_run_programs() and environment.get("TRUSTED", "").lower() not in TRUE:
        raise OfficeError(
            f"the role {database.role or 'of DATABASE_URL'} may run programs or read files on the "
            "database server, and so could a backup: use a role that may create databases, or "
            "add TRUSTED=1 for a backup that you made yourself"
        )


def refuse_newer_version(path: Path, manifest: Manifest) -> None:
    """Check that this version has all migrations of the backup.

    Raises:
        OfficeError: the backup was made by a newer version.
    """
    known = own_migrations()
    apps = {name.partition(".")[0] for name in known}
    newer = [
        name for name in manifest.migrations if name not in known and name.partition(".")[0] in apps
    ]
    if newer:
        raise OfficeError(
            f"{path} was made by a newer OfficeFlow ({manifest.version}, {newer[0]}): "
            "update this one first"
        )


def own_migrations() -> set[str]:
    """Return OfficeFlow's own migrations as `app.name`; an app's label is its folder's name."""
    return {
        f"{file.parent.parent.name}.{file.stem}"
        for package in PACKAGES
        for file in (PROJECT / package).glob("**/migrations/[0-9]*.py")
    }


def office_in(database: Database) -> str | None:
    """Return the name of the office in the database; None when it does not exist or has none.

    Raises:
        OfficeError: other connections to the database are open.
    """
    with database.maintenance_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
        if cursor.fetchone() is None:
            return None
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database.name])
        others = cursor.fetchone()[0]
    if others:
        raise OfficeError(
            f"{others} connections to the database {database.name} are open: stop the office first"
        )
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regclass('company_office') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute("SELECT name FROM company_office")
        row = cursor.fetchone()
        return str(row[0]) if row else None


def replace_data(
    path: Path,
    manifest: Manifest,
    database: Database,
    files: Path,
    prepare: Step,
    *,
    scratch: Path,
) -> None:
    """Load the backup into a new database and swap it with the old one; restore the files.

    `prepare` migrates the new database and raises when that fails. The dump is unpacked into the
    folder `scratch`.

    Raises:
        OfficeError: the restore failed and nothing was replaced.
    """
    drop_temporary_databases(database)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        dump = Path(folder) / DUMP
        with new_database(database) as new, restored_files(files) as restored:
            restored.unpack(path, manifest, dump)
            progress = Progress("loading the database")
            new.run_program(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                str(dump),
                watch=lambda: progress.update(megabytes(size_of(new))),
            )
            progress.done(megabytes(size_of(new)))
            with new.cursor() as cursor:
                found = count_records(cursor)
            if found != manifest.counts:
                raise OfficeError(f"{path} holds {found}, not {manifest.counts}: nothing replaced")
            prepare(new)
            swap(new, database)
            # The restore is committed from here on.
            restored.finish(set(manifest.files))
    drop_temporary_databases(database)


def size_of(database: Database) -> int:
    """Return the database's size in bytes."""
    with database.maintenance_cursor() as cursor:
        cursor.execute("SELECT pg_database_size(%s)", [database.name])
        return int(cursor.fetchone()[0])


@contextmanager
def new_database(database: Database) -> Iterator[Database]:
    """Yield an empty database on the same server; it is dropped when the context fails."""
    new = database.sibling(f"{temporary_prefix(database)}{secrets.token_hex(6)}")
    with database.maintenance_cursor() as cursor:
        owner = f'OWNER "{new.role}"' if new.maintenance_url else ""
        cursor.execute(
            f'CREATE DATABASE "{new.name}" {owner} TEMPLATE template0 {encoding_clause(database)}'
        )
    try:
        yield new
    except BaseException:
        drop_temporary_databases(database)
        raise


def encoding_clause(database: Database) -> str:
    """Return the old database's encoding and collation as a clause of CREATE DATABASE."""
    with database.maintenance_cursor() as cursor:
        cursor.execute(
            "SELECT datlocprovider::text, datcollate, datctype FROM pg_database WHERE datname = %s",
            [database.name],
        )
        found = cursor.fetchone()
        if found is None or found[0] != "c":
            return "ENCODING 'UTF8'"
        return cursor.mogrify("ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s", found[1:]).decode()


def swap(new: Database, database: Database) -> None:
    """Rename the new database to the office's and the old one aside, in one transaction."""
    with database.maintenance_cursor(autocommit=False) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
        if cursor.fetchone() is not None:
            old = f"{temporary_prefix(database)}old_{secrets.token_hex(6)}"
            cursor.execute(f'ALTER DATABASE "{database.name}" RENAME TO "{old}"')
        cursor.execute(f'ALTER DATABASE "{new.name}" RENAME TO "{database.name}"')


def temporary_prefix(database: Database) -> str:
    """Return how the names of this database's temporary databases begin.

    Other offices on the same server restore under other names. A name has at most 63 bytes.
    """
    return f"officeflow_restore_{sha256(database.name.encode()).hexdigest()[:12]}_"


def drop_temporary_databases(database: Database) -> None:
    """Drop what restores of this database leave: replaced ones, and those of failed restores."""
    with database.maintenance_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s",
            [temporary_prefix(database), database.name],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class RestoredFiles:
    """The private files of a backup while they are restored.

    Files have unique names and are never overwritten, so the backup's files can be added to the
    office's before the databases are swapped. A file with the same name and other content is
    unpacked to a temporary name, which `replacements` maps it to.
    """

    folder: Path
    added: list[Path] = field(default_factory=list)
    replacements: dict[Path, Path] = field(default_factory=dict)

    def unpack(self, path: Path, manifest: Manifest, dump: Path) -> None:
        """Write the dump to `dump`, and every file that the folder does not have."""
        progress = Progress("unpacking files")

        def target_of(name: str) -> Path | None:
            if name == DUMP:
                return dump
            if not name.startswith(FILES):
                return None
            target = self.folder / name.removeprefix(FILES)
            progress.update(str(len(self.added)))
            if target.is_file():
                if archive.checksum(target) == manifest.members[name].sha256:
                    return None
                temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.restored")
                self.replacements[target] = temporary
                self.added.append(temporary)
                return temporary
            self.added.append(target)
            return target

        archive.unpack(path, target_of)
        progress.done(str(len(self.added)))

    def finish(self, kept: set[str]) -> None:
        """After the swap: rename the replacements, delete files that the backup does not have."""
        self.added.clear()
        for target, temporary in self.replacements.items():
            os.replace(temporary, target)
        for path in list(regular_files(self.folder)):
            if path.relative_to(self.folder).as_posix() not in kept:
                path.unlink()
                with suppress(OSError):  # a folder that is not empty stays
                    path.parent.rmdir()


@contextmanager
def restored_files(folder: Path) -> Iterator[RestoredFiles]:
    """Yield the files of one restore; the added ones are deleted when the context fails."""
    restored = RestoredFiles(folder)
    try:
        yield restored
    except BaseException:
        for path in restored.added:
            path.unlink(missing_ok=True)
        raise
