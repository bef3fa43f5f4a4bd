"""``make restore FILE=…``: an office as it was when a backup was made.

The backup goes into a fresh database, which is checked and brought up to date before it takes the
old one's name; whatever fails before that leaves the office as it is. The data that is replaced is
backed up first.
"""

import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from officeflow.local import archive
from officeflow.local.archive import DUMP, FILES, Manifest
from officeflow.local.backup import counts, make, manage, target_of, walk
from officeflow.local.databases import Database, Progress, megabytes
from officeflow.local.environment import TRUE, Wishes
from officeflow.local.office_database import alone, files_folder, terminate_as_exception
from officeflow.local.output import say
from officeflow.local.places import PROJECT, OfficeError, Var

FRESH = "officeflow_restore_"  # what a killed restore leaves begins so, and the next one drops it
OURS = ("officeflow", "frontdesk", "backoffice")
# Migrations that older versions had and that are gone, squashed into others.
RETIRED: frozenset[str] = frozenset()
Step = Callable[[Database], None]


def restore(environment: Mapping[str, str]) -> int:
    """Put the backup that ``FILE`` names in the place of the office's data; the exit code.

    Raises:
        OfficeError: nothing was replaced, and why, in one line.
    """
    wishes, var = Wishes.of(environment), Var.of(environment)
    if not environment.get("FILE"):
        raise OfficeError("name the backup, as in make restore FILE=var/backups/officeflow-….tar")
    path = Path(environment["FILE"]).expanduser().absolute()
    files = files_folder(environment.get("OFFICEFLOW_FILES", ""), var)
    say(f"checking {path}")
    manifest = archive.inspect(path)
    check_age(path, manifest)
    with terminate_as_exception(), alone(wishes, var) as (database_url, redis_url):

        def told(database: Database) -> dict[str, str]:
            return wishes.environment(var, database.url, redis_url)

        def prepare(database: Database) -> None:
            say("bringing the database up to date")
            if manage(told(database), "backup_trail", "--restored", path.name) != 0:
                raise OfficeError("the backup cannot be brought up to date: nothing was replaced")

        database = Database(database_url)
        standing = office_in(database)
        agreed(manifest, standing, path, environment)
        if standing is not None:
            kept = target_of("", var, suffix="-before-restore")
            say("backing up what is replaced")
            make(database, files, kept)
            say(f"what is replaced is kept in {kept}")
        put_back(path, manifest, database, files, prepare, scratch=var.path)
    say(f"restored {manifest.words()}; everybody signs in again")
    return 0


def check_age(path: Path, manifest: Manifest) -> None:
    """Refuse a backup that holds what this version does not know.

    Raises:
        OfficeError: it was made by a newer version.
    """
    known = migrations_here()
    apps = {name.partition(".")[0] for name in known}
    newer = [
        name
        for name in manifest.migrations
        if name not in known and name not in RETIRED and name.partition(".")[0] in apps
    ]
    if newer:
        raise OfficeError(
            f"{path} was made by a newer OfficeFlow ({manifest.version}, {newer[0]}): "
            "bring this one up to date first"
        )


def migrations_here() -> set[str]:
    """OfficeFlow's own migrations, as `app.name`; an app is called like its folder."""
    return {
        f"{file.parent.parent.name}.{file.stem}"
        for root in OURS
        for file in (PROJECT / root).glob("**/migrations/[0-9]*.py")
    }


def office_in(database: Database) -> str | None:
    """The name of the office whose data the database holds; None when there is nothing to lose.

    Raises:
        OfficeError: somebody is connected to it.
    """
    with database.server() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
        if cursor.fetchone() is None:
            return None
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database.name])
        others = cursor.fetchone()[0]
    if others:
        raise OfficeError(
            f"{others} connections to the database {database.name} are open: close the office first"
        )
    with database.session() as cursor:
        cursor.execute("SELECT to_regclass('company_office') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute("SELECT name FROM company_office")
        row = cursor.fetchone()
        return str(row[0]) if row else None


def agreed(
    manifest: Manifest, standing: str | None, path: Path, environment: Mapping[str, str]
) -> None:
    """Return when there is nothing to replace, or a person, or YES=1, agrees.

    Raises:
        OfficeError: nobody did.
    """
    if standing is None or environment.get("YES", "").lower() in TRUE:
        return
    if not sys.stdin.isatty():
        raise OfficeError(
            f"nothing restored: this would replace the data of “{standing}”, and nobody is here "
            f"to ask; use make restore YES=1 FILE={path}"
        )
    say(f"The backup is {manifest.words()}.")
    try:
        answer = input(f"Type yes to replace the data of “{standing}” with it: ")
    except EOFError:
        answer = ""
    if answer.strip().lower() != "yes":
        raise OfficeError("nothing restored")


def put_back(
    path: Path,
    manifest: Manifest,
    database: Database,
    files: Path,
    prepare: Step,
    *,
    scratch: Path,
) -> None:
    """Fill a fresh database and the folder of files, and let them take the old ones' place.

    `prepare` brings the fresh database up to date and raises when that fails; the dump lies in the
    folder `scratch` meanwhile.

    Raises:
        OfficeError: nothing was replaced, and why.
    """
    clear_leftovers(database)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        dump = Path(folder) / DUMP
        with fresh_database(database) as fresh, added_files(files) as adding:
            adding.unpack(path, manifest, dump)
            progress = Progress("filling a fresh database")
            fresh.run(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                str(dump),
                watch=lambda: progress.at(megabytes(size_of(fresh))),
            )
            progress.done(megabytes(size_of(fresh)))
            with fresh.session() as cursor:
                found = counts(cursor)
            if found != manifest.counts:
                raise OfficeError(f"{path} gives {found}, not {manifest.counts}: nothing replaced")
            prepare(fresh)
            swap(fresh, database)
            # From here on the office is the restored one.
            adding.settle(set(manifest.files))
    clear_leftovers(database)


def size_of(database: Database) -> int:
    """How many bytes the database takes so far."""
    with database.server() as cursor:
        cursor.execute("SELECT pg_database_size(%s)", [database.name])
        return int(cursor.fetchone()[0])


@contextmanager
def fresh_database(database: Database) -> Iterator[Database]:
    """An empty database beside the office's; dropped again unless it has taken its name."""
    fresh = database.beside(f"{FRESH}{secrets.token_hex(6)}")
    with database.server() as cursor:
        cursor.execute(f'CREATE DATABASE "{fresh.name}" TEMPLATE template0 {kind_of(database)}')
    try:
        yield fresh
    except BaseException:
        clear_leftovers(database)
        raise


def kind_of(database: Database) -> str:
    """Encoding and sorting as the old database has them, for CREATE DATABASE."""
    with database.server() as cursor:
        cursor.execute(
            "SELECT datlocprovider::text, datcollate, datctype FROM pg_database WHERE datname = %s",
            [database.name],
        )
        found = cursor.fetchone()
        if found is None or found[0] != "c":
            return "ENCODING 'UTF8'"
        return cursor.mogrify("ENCODING 'UTF8' LC_COLLATE %s LC_CTYPE %s", found[1:]).decode()


def swap(fresh: Database, database: Database) -> None:
    """Give the fresh database the office's name, all or nothing."""
    with database.server(autocommit=False) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name])
        if cursor.fetchone() is not None:
            old = f"{FRESH}old_{secrets.token_hex(6)}"
            cursor.execute(f'ALTER DATABASE "{database.name}" RENAME TO "{old}"')
        cursor.execute(f'ALTER DATABASE "{fresh.name}" RENAME TO "{database.name}"')


def clear_leftovers(database: Database) -> None:
    """Drop what restores leave beside the office's database: the replaced one, or a half one."""
    with database.server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s",
            [FRESH, database.name],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class Adding:
    """Private files that are put back.

    Files have names of their own and are never written over, so the backup's can lie beside the
    office's until the database has been swapped. The few that differ under one name wait.
    """

    folder: Path
    added: list[Path] = field(default_factory=list)
    waiting: dict[Path, Path] = field(default_factory=dict)

    def unpack(self, path: Path, manifest: Manifest, dump: Path) -> None:
        """Write the dump to `dump`, and every file that is not there already."""
        progress = Progress("unpacking files")

        def place(name: str) -> Path | None:
            if name == DUMP:
                return dump
            if not name.startswith(FILES):
                return None
            target = self.folder / name.removeprefix(FILES)
            progress.at(str(len(self.added)))
            if target.is_file():
                if archive.checksum(target) == manifest.members[name].sha256:
                    return None
                aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.restored")
                self.waiting[target] = aside
                self.added.append(aside)
                return aside
            self.added.append(target)
            return target

        archive.unpack(path, place)
        progress.done(str(len(self.added)))

    def settle(self, kept: set[str]) -> None:
        """After the swap: what waited takes its place, and what the backup does not have goes."""
        self.added.clear()  # nothing is taken back any more
        for target, aside in self.waiting.items():
            os.replace(aside, target)
        for path in list(walk(self.folder)):
            if path.relative_to(self.folder).as_posix() not in kept:
                path.unlink()
                with suppress(OSError):  # it goes when nothing is left in it
                    path.parent.rmdir()

    def undo(self) -> None:
        """Before the swap: take away again what was added."""
        for path in self.added:
            path.unlink(missing_ok=True)


@contextmanager
def added_files(folder: Path) -> Iterator[Adding]:
    """The files that one restore adds; taken away again when it fails."""
    adding = Adding(folder)
    try:
        yield adding
    except BaseException:
        adding.undo()
        raise
