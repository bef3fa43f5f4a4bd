"""What the commands that import a file share; each names its kind of file.

class Command(ImportCommand):
    kind = "customers"
    help = "Imports customers (CSV or XLSX)."
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, transaction
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from officeflow.company.queries import NoOffice, get_office
from officeflow.errors import Conflict, Refused
from officeflow.imports.actions import (
    check_import_file,
    read_again,
    start_import_file,
    stop_import_file,
    upload_import_file,
)
from officeflow.imports.checking import check
from officeflow.imports.command_options import (
    add_options,
    chosen_layout,
    chosen_mapping,
    chosen_prices,
)
from officeflow.imports.content import PART_BYTES
from officeflow.imports.leases import ImportSession
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile
from officeflow.imports.queries import check_progress, count_rows, rows_of, unfinished
from officeflow.imports.reading import Layout
from officeflow.imports.registry import importer_of
from officeflow.imports.remarks import remarks_of
from officeflow.imports.report import write_report
from officeflow.imports.running import work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.tasks import is_under_way
from officeflow.staff.models import User

INTERRUPTED = 130  # a shell's exit code for Ctrl-C
MOST_REFUSED_SHOWN = 20  # the report has all refused rows


class ImportCommand(BaseCommand):
    """Imports a file and prints its figures on standard output, its progress on standard error."""

    kind: ClassVar[str]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Adds the options."""
        add_options(parser)

    def import_options(self) -> dict[str, Any]:
        """Returns the options of the importer that the command line chooses."""
        return {}

    def after_import(self) -> None:
        """Called when all rows have an outcome, before the figures are printed."""

    def more_figures(self) -> Mapping[str, object]:
        """Returns further figures to print."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        """Imports the file, or shows what would happen."""
        self.console = Console(stderr=True)
        self.options = options
        path = find_file(options["file"])
        try:
            office = get_office()
        except NoOffice as error:
            raise CommandError("there is no office yet: set one up first") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                "the database is not ready: start the office once, or run `migrate`"
            ) from error
        with translation.override(office.language):
            actor = self.actor(options["by"])
            try:
                if options["dry_run"]:
                    self.dry_run(path, actor)
                    return
                import_file = self.open_or_resume(path, actor)
            except Refused as refused:
                raise CommandError(f"{path.name}: {refused.message}") from refused
            self.run_import(import_file, actor)
            self.after_import()
            self.print_result(import_file)

    def actor(self, username: str) -> User:
        """Returns the person who imports. Raises `CommandError`."""
        permission = importer_of(self.kind).permission
        permitted = User.objects.holding(permission).order_by("pk")
        actor = permitted.filter(username=username).first() if username else permitted.first()
        if actor is None and username:
            raise CommandError(f"{username} may not import {self.kind}")
        if actor is None:
            raise CommandError(f"no user may import {self.kind}: give a user a role that may do so")
        return actor

    def open_or_resume(self, path: Path, actor: User) -> ImportFile:
        """Returns the started import of the file, or the interrupted one of the same file."""
        digest = hashlib.sha256()
        for part in parts_of(path):
            digest.update(part)
        source = self.options["source"]
        interrupted = unfinished(kind=self.kind, source=source, digest=digest.hexdigest())
        if interrupted is not None and interrupted.started_at is not None:
            self.console.print(f"continuing {interrupted.number}, which was started before")
            import_file = interrupted
        else:
            import_file = self.open(path, actor)
        if not import_file.is_running:
            try:
                return start_import_file(actor=actor, import_file=import_file)
            except Conflict as conflict:  # it was started on its page meanwhile
                self.console.print(str(conflict.message))
        return import_file

    def open(self, path: Path, actor: User) -> ImportFile:
        """Uploads and checks the file with the columns that the options name."""
        import_file = upload_import_file(
            actor=actor,
            kind=self.kind,
            file_name=path.name,
            parts=parts_of(path),
            source=self.options["source"],
        )
        found = Layout(**import_file.layout)
        layout = chosen_layout(self.options, found)
        if layout != found:
            import_file = read_again(actor=actor, import_file=import_file, layout=layout)
        check_import_file(
            actor=actor,
            import_file=import_file,
            mapping=chosen_mapping(self.options, import_file),
            options=self.import_options() | chosen_prices(self.options, import_file),
            source=self.options["source"],
        )
        with self.progress(f"{import_file.number} checked", import_file.lines_expected) as show:

            def shown(session: ImportSession) -> None:
                done, end = check_progress(session.import_file)
                show(done, end or done)

            while check(import_file.number, seconds=3600, after=shown) is None:
                time.sleep(0.3)  # another process is checking it
                if not is_under_way(import_file.number):
                    break
        import_file.refresh_from_db()
        if import_file.problem:
            raise Refused(import_file.problem)
        return import_file

    def run_import(self, import_file: ImportFile, actor: User) -> None:
        """Imports every unit. Ctrl-C stops between two batches; the next run continues."""
        try:
            with self.progress(f"{import_file.number} rows", import_file.rows_total) as show:

                def shown(session: ImportSession) -> None:
                    import_file.refresh_from_db(
                        fields=["rows_imported", "rows_refused", "rows_existing"]
                    )
                    show(import_file.rows_done, import_file.rows_total)

                while import_file.is_running:
                    if work(import_file.number, seconds=3600, after=shown) is None:
                        time.sleep(0.3)  # another process is importing, or all is done
                    import_file.refresh_from_db()
                    show(import_file.rows_done, import_file.rows_total)
        except KeyboardInterrupt:
            import_file.refresh_from_db()
            with suppress(Conflict):
                stop_import_file(actor=actor, import_file=import_file)
            self.console.print(
                f"stopped after {import_file.rows_done} of {import_file.rows_total} rows; "
                "run the same command again to continue"
            )
            sys.exit(INTERRUPTED)
        if import_file.state != ImportState.FINISHED:
            raise CommandError(
                f"{import_file.number} was stopped: run the same command again to continue"
            )

    def print_result(self, import_file: ImportFile) -> None:
        """Prints the figures and the path of the report, one a line."""
        counted = count_rows(import_file)
        path = Path(settings.VAR_DIR) / "reports" / f"{import_file.number}.csv"
        write_report(import_file, path)
        self.print_lines(
            {
                "import_file": import_file.number,
                "source": import_file.source,
                "rows": counted.rows,
                "imported": counted.imported,
                "refused": counted.refused,
                "already there": counted.existing,
                **{
                    name.replace("_", " "): import_file.made.get(name, 0)
                    for name in importer_of(self.kind).made_labels
                },
                **self.more_figures(),
                "report": path,
            }
        )
        if not counted.is_complete:
            raise CommandError("imported, refused and already there do not add up to all rows")

    @transaction.atomic
    def dry_run(self, path: Path, actor: User) -> None:
        """Prints what would happen, and keeps nothing of it."""
        import_file = self.open(path, actor)
        counted = count_rows(import_file)
        for remark in remarks_of(import_file):
            self.console.print(remark, highlight=False)
        for row in rows_of(import_file, RowOutcome.REFUSED)[:MOST_REFUSED_SHOWN]:
            self.console.print(f"row {row.number}: {row.reason}", highlight=False)
        if counted.refused > MOST_REFUSED_SHOWN:
            self.console.print(f"… and {counted.refused - MOST_REFUSED_SHOWN} more")
        mapping = ColumnMapping(**import_file.mapping)
        for place, heading in enumerate(import_file.headings):
            meaning = mapping.meaning_of(place) or "(ignored)"
            self.console.print(f"column {heading} is read as: {meaning}", highlight=False)
        self.print_lines(
            {
                "dry run": "nothing was written",
                "source": import_file.source,
                "rows": counted.rows,
                "to import": counted.imported,
                "refused": counted.refused,
                "already there": counted.existing,
            }
        )
        transaction.set_rollback(True)

    def print_lines(self, lines: Mapping[str, object]) -> None:
        """Prints names and values below each other."""
        width = max(len(name) for name in lines)
        for name, value in lines.items():
            self.stdout.write(f"{name:<{width}}  {value}")

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Any]:
        """Shows a progress bar on standard error, or one line at the end without a terminal."""
        if not self.console.is_terminal:
            last = [0, total]

            def note(done: int, of: int) -> None:
                last[:] = [done, of]

            yield note
            self.console.print(f"{label}: {last[0]} of {last[1]}")
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console) as bar:
            task = bar.add_task(label, total=total)
            yield lambda done, of: bar.update(task, completed=done, total=of)


def find_file(name: str) -> Path:
    """Returns the path of a file, relative to the caller's folder. Raises `CommandError`.

    `make manage` changes to the project's folder; PWD still has the caller's folder.
    """
    wanted = Path(name).expanduser()
    folders = [Path.cwd()]
    if os.environ.get("PWD"):
        folders.insert(0, Path(os.environ["PWD"]))
    for folder in folders:
        path = folder / wanted  # an absolute path stays as it is
        if path.is_file():
            return path
        if path.is_dir():
            raise CommandError(f"{name} is a folder: give the path of a file")
    raise CommandError(f"{name}: no such file")


def parts_of(path: Path) -> Iterator[bytes]:
    """Yields the content of a file part by part. Raises `CommandError`."""
    try:
        with path.open("rb") as file:
            while part := file.read(PART_BYTES):
                yield part
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
