"""`manage.py import_orders FILE`: imports an order log and applies its hand-offs."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from officeflow.company.queries import NoOffice, get_office
from officeflow.errors import Conflict, Refused
from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.monitoring.heartbeat import queues_without_worker
from officeflow.imports import numbers
from officeflow.imports.actions import (
    clean_source,
    open_import_file,
    preview_table,
    start_import_file,
    stop_import_file,
    valid_rows,
)
from officeflow.imports.models import ImportFile
from officeflow.imports.queries import count_rows, unfinished
from officeflow.imports.reading import read_table
from officeflow.imports.registry import Importer, ImportJob, importer_of
from officeflow.imports.report import write_report
from officeflow.imports.running import ImportSession, work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.permissions import Permission
from officeflow.staff.models import User

KIND = "orders"
INTERRUPTED = 130  # a shell's exit code for Ctrl-C
MOST_REFUSED_SHOWN = 20  # the report has all refused rows


class Command(BaseCommand):
    help = "Imports an order log (CSV or XLSX): each order once, as if placed at the counter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the order log")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show what would happen without importing anything",
        )
        parser.add_argument(
            "--source",
            default="",
            help="where the file comes from; a record from a source is imported only once "
            "(default: online-retail)",
        )
        parser.add_argument(
            "--decimal-sign",
            default="",
            choices=["", ",", "."],
            help="the decimal sign of the file's numbers (default: as the file shows)",
        )
        parser.add_argument(
            "--by",
            default="",
            metavar="USERNAME",
            help="the salesperson of the orders (default: the first person who may import orders)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(stderr=True)
        self.decimal_sign = options["decimal_sign"]
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
            importer = importer_of(KIND)
            data = read(path)
            try:
                source = clean_source(options["source"], importer)
                if options["dry_run"]:
                    self.dry_run(data, source, actor, importer)
                    return
                import_file = self.open_or_resume(path, data, source, actor)
            except Refused as refused:
                raise CommandError(f"{path.name}: {refused.message}") from refused
            self.run_import(import_file, actor)
            self.apply_handoffs()
            self.print_result(import_file, importer)

    def actor(self, username: str) -> User:
        """Returns the user who places the orders. Raises `CommandError`."""
        permitted = User.objects.holding(Permission.IMPORT_ORDERS).order_by("pk")
        actor = permitted.filter(username=username).first() if username else permitted.first()
        if actor is None and username:
            raise CommandError(f"{username} may not import orders")
        if actor is None:
            raise CommandError("no user may import orders: give a user the manager role")
        return actor

    def open_or_resume(self, path: Path, data: bytes, source: str, actor: User) -> ImportFile:
        """Returns the started import of the file, or the interrupted one of the same file."""
        digest = hashlib.sha256(data).hexdigest()
        interrupted = unfinished(kind=KIND, source=source, digest=digest)
        if interrupted is not None and interrupted.state != ImportState.READY:
            self.console.print(f"continuing {interrupted.number}, which was started before")
            import_file = interrupted
        else:
            import_file = open_import_file(
                actor=actor,
                kind=KIND,
                file_name=path.name,
                data=data,
                source=source,
                decimal_sign=self.decimal_sign,
            )
        if not import_file.is_running:
            try:
                return start_import_file(actor=actor, import_file=import_file)
            except Conflict as conflict:  # it was started on its page meanwhile
                self.console.print(str(conflict.message))
        return import_file

    def run_import(self, import_file: ImportFile, actor: User) -> None:
        """Imports every unit. Ctrl-C stops between two units; the next run continues."""
        try:
            with self.progress(f"{import_file.number} rows", import_file.rows_total) as show:

                def shown(turn: ImportSession) -> None:
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

    def apply_handoffs(self) -> None:
        """Applies the waiting hand-offs, unless workers do."""
        waiting = count_waiting()
        if not waiting:
            return
        if not is_worker_missing():
            self.console.print(f"the workers apply {waiting} hand-offs")
            return
        try:
            with self.progress("hand-offs", waiting) as show:
                applied = 0
                for _applied in apply_waiting():
                    applied += 1
                    if applied % 25 == 0:
                        show(applied, applied + count_waiting())
                show(applied, applied)
        except KeyboardInterrupt:
            self.console.print("the other hand-offs wait until workers are started")
            sys.exit(INTERRUPTED)

    def print_result(self, import_file: ImportFile, importer: Importer) -> None:
        """Prints the figures and the path of the report, one a line, on standard output."""
        counted = count_rows(import_file)
        path = Path(settings.VAR_DIR) / "reports" / f"{import_file.number}.csv"
        write_report(import_file, path)
        lines: dict[str, object] = {
            "import_file": import_file.number,
            "source": import_file.source,
            "rows": counted.rows,
            "imported": counted.imported,
            "refused": counted.refused,
            "already there": counted.existing,
        }
        lines |= {
            name: import_file.made.get(name, 0)
            for name in ("orders", "complaints", "products", "customers")
        }
        standing = balance()
        lines |= {"waiting hand-offs": standing.waiting, "dead hand-offs": standing.dead}
        lines["report"] = path
        self.print_lines(lines)
        if not counted.is_complete:
            raise CommandError("imported, refused and already there do not add up to all rows")

    def dry_run(self, data: bytes, source: str, actor: User, importer: Importer) -> None:
        """Prints what would happen, without writing anything."""
        table = read_table(data, importer.columns, self.decimal_sign)
        job = ImportJob(actor=actor, source=source, facts=importer.facts(valid_rows(table)))
        _units, results = preview_table(table, importer, job)
        rows = sorted((row for each in results for row in each.rows), key=lambda row: row.number)
        counted = dict.fromkeys(RowOutcome, 0)
        for row in rows:
            counted[row.outcome] += 1
        for remark in (*numbers.sentences(table.signs), *importer.remarks(job)):
            self.console.print(remark, highlight=False)
        refused = [row for row in rows if row.outcome == RowOutcome.REFUSED]
        for row in refused[:MOST_REFUSED_SHOWN]:
            self.console.print(f"row {row.number}: {row.reason}", highlight=False)
        if len(refused) > MOST_REFUSED_SHOWN:
            self.console.print(f"… and {len(refused) - MOST_REFUSED_SHOWN} more")
        self.print_lines(
            {
                "dry run": "nothing was written",
                "source": source,
                "rows": len(rows),
                "to import": counted[RowOutcome.IMPORTED],
                "refused": counted[RowOutcome.REFUSED],
                "already there": counted[RowOutcome.EXISTING],
            }
        )

    def print_lines(self, lines: dict[str, object]) -> None:
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


def read(path: Path) -> bytes:
    """Returns the content of a file. Raises `CommandError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def is_worker_missing() -> bool:
    """Returns whether a destination has no live worker, or Redis cannot be asked."""
    try:
        return bool(queues_without_worker(Destination.values))
    except redis.RedisError:
        return True


def count_waiting() -> int:
    """Returns the number of hand-offs that are not applied yet."""
    return Handoff.objects.filter(delivered_at__isnull=True, state=HandoffState.WAITING).count()


def apply_waiting() -> Iterator[None]:
    """Applies hand-offs until none can be claimed, and yields after each."""
    is_any = True
    while is_any:
        is_any = False
        for destination in Destination.values:
            while (claim := claim_next(destination)) is not None:
                apply(claim)
                is_any = True
                yield
