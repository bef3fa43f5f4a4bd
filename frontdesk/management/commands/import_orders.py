"""`manage.py import_orders FILE`: imports an order log and applies its hand-offs."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, transaction
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
from officeflow.imports import dates, numbers
from officeflow.imports.actions import (
    check_import_file,
    read_again,
    start_import_file,
    stop_import_file,
    upload_import_file,
)
from officeflow.imports.checking import check
from officeflow.imports.leases import ImportSession, job_of
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile
from officeflow.imports.queries import count_rows, rows_of, unfinished
from officeflow.imports.reading import ENCODINGS, Layout, heading_key
from officeflow.imports.registry import Importer, importer_of
from officeflow.imports.report import write_report
from officeflow.imports.running import work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.tasks import is_under_way
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
            "(default: the name in the last import of such a file, or that of the program)",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=MEANING",
            help="what a column of the file is read as, such as 'Ref=Order number'; nothing behind "
            "the sign ignores it (default: as proposed on the file's page)",
        )
        parser.add_argument(
            "--value",
            action="append",
            default=[],
            metavar="MEANING=TEXT",
            help="a value for all rows that have none, such as 'Ordered at=2026-01-31'",
        )
        parser.add_argument(
            "--done",
            action="store_true",
            help="all orders are done: record them without tickets, invoices and commissions",
        )
        parser.add_argument(
            "--done-before",
            default="",
            metavar="DAY",
            help="the orders before this day (YYYY-MM-DD) are done",
        )
        parser.add_argument(
            "--encoding", default="", choices=list(ENCODINGS), help="(default: found by content)"
        )
        parser.add_argument(
            "--heading-line", type=int, default=0, help="(default: found by content)"
        )
        parser.add_argument(
            "--decimal-sign",
            default="",
            choices=["", ",", "."],
            help="the decimal sign of the file's numbers (default: as the file shows)",
        )
        parser.add_argument(
            "--date-order",
            default="",
            choices=["", "dmy", "mdy"],
            help="whether the day or the month comes first (default: as the file shows)",
        )
        parser.add_argument(
            "--by",
            default="",
            metavar="USERNAME",
            help="the salesperson of the orders (default: the first person who may import orders)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
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
            importer = importer_of(KIND)
            data = read(path)
            try:
                if options["dry_run"]:
                    self.dry_run(path, data, actor)
                    return
                import_file = self.open_or_resume(path, data, actor)
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

    def open_or_resume(self, path: Path, data: bytes, actor: User) -> ImportFile:
        """Returns the started import of the file, or the interrupted one of the same file."""
        digest = hashlib.sha256(data).hexdigest()
        interrupted = unfinished(kind=KIND, source=self.options["source"], digest=digest)
        if interrupted is not None and interrupted.started_at is not None:
            self.console.print(f"continuing {interrupted.number}, which was started before")
            import_file = interrupted
        else:
            import_file = self.open(path, data, actor)
        if not import_file.is_running:
            try:
                return start_import_file(actor=actor, import_file=import_file)
            except Conflict as conflict:  # it was started on its page meanwhile
                self.console.print(str(conflict.message))
        return import_file

    def open(self, path: Path, data: bytes, actor: User) -> ImportFile:
        """Uploads and checks the file with the columns that the options name."""
        import_file = upload_import_file(
            actor=actor,
            kind=KIND,
            file_name=path.name,
            parts=[data],
            source=self.options["source"],
        )
        layout = Layout(**import_file.layout)
        chosen = {
            name: self.options[name]
            for name in ("encoding", "heading_line")
            if self.options[name] and not (name == "encoding" and layout.is_workbook)
        }
        if chosen:
            import_file = read_again(
                actor=actor, import_file=import_file, layout=replace(layout, **chosen)
            )
        history = {}
        if self.options["done"] or self.options["done_before"]:
            before = self.options["done_before"]
            history = {"history": "before" if before else "done", "before": before}
        check_import_file(
            actor=actor,
            import_file=import_file,
            mapping=self.mapping(import_file),
            options=history,
            source=self.options["source"],
        )
        with self.progress(f"{import_file.number} checked", import_file.lines_expected) as show:

            def shown(turn: ImportSession) -> None:
                current = turn.import_file
                done = current.units_checked if current.is_read else current.lines_read
                total = current.units_total if current.is_read else current.lines_expected
                show(done, max(done, total))

            while check(import_file.number, seconds=3600, after=shown) is None:
                time.sleep(0.3)  # another process is checking it
                if not is_under_way(import_file.number):
                    break
        import_file.refresh_from_db()
        if import_file.problem:
            raise Refused(import_file.problem)
        return import_file

    def mapping(self, import_file: ImportFile) -> ColumnMapping:
        """Returns the proposed mapping with what the options change. Raises `CommandError`."""
        proposed = ColumnMapping(**import_file.mapping)
        columns = {name: list(places) for name, places in proposed.columns.items()}
        known = {column.name for column in importer_of(KIND).columns}
        headings = {heading_key(each): place for place, each in enumerate(import_file.headings)}
        for heading, meaning in map(_pair, self.options["column"]):
            place = headings.get(heading_key(heading))
            if place is None:
                raise CommandError(f"the file has no column {heading}")
            if meaning and meaning not in known:
                raise CommandError(f"{meaning} is none of: {', '.join(sorted(known))}")
            for places in columns.values():
                if place in places:
                    places.remove(place)
            if meaning:
                columns[meaning] = [place]
        values = dict(proposed.values)
        for meaning, text in map(_pair, self.options["value"]):
            if meaning not in known:
                raise CommandError(f"{meaning} is none of: {', '.join(sorted(known))}")
            values[meaning] = text
        return replace(
            proposed,
            columns={name: places for name, places in columns.items() if places},
            values=values,
            decimal_sign=self.options["decimal_sign"] or proposed.decimal_sign,
            date_order=self.options["date_order"] or proposed.date_order,
        )

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
            name.replace("_", " "): import_file.made.get(name, 0)
            for name in ("orders", "past_orders", "complaints", "products", "customers")
        }
        standing = balance()
        lines |= {"waiting hand-offs": standing.waiting, "dead hand-offs": standing.dead}
        lines["report"] = path
        self.print_lines(lines)
        if not counted.is_complete:
            raise CommandError("imported, refused and already there do not add up to all rows")

    @transaction.atomic
    def dry_run(self, path: Path, data: bytes, actor: User) -> None:
        """Prints what would happen, and keeps nothing of it."""
        import_file = self.open(path, data, actor)
        importer = importer_of(KIND)
        counted = count_rows(import_file)
        mapping = ColumnMapping(**import_file.mapping)
        for remark in (
            *numbers.sentences(mapping.signs),
            *dates.sentences(mapping.orders),
            *importer.remarks(job_of(import_file)),
        ):
            self.console.print(remark, highlight=False)
        for row in rows_of(import_file, RowOutcome.REFUSED)[:MOST_REFUSED_SHOWN]:
            self.console.print(f"row {row.number}: {row.reason}", highlight=False)
        if counted.refused > MOST_REFUSED_SHOWN:
            self.console.print(f"… and {counted.refused - MOST_REFUSED_SHOWN} more")
        self.print_columns(import_file, mapping)
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

    def print_columns(self, import_file: ImportFile, mapping: ColumnMapping) -> None:
        """Shows as what each column of the file is read."""
        for place, heading in enumerate(import_file.headings):
            meaning = mapping.meaning_of(place) or "(ignored)"
            self.console.print(f"column {heading} is read as: {meaning}", highlight=False)

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


def _pair(text: str) -> tuple[str, str]:
    """Returns both sides of `HEADING=MEANING`. Raises `CommandError`."""
    name, sign, value = text.rpartition("=")
    if not sign:
        raise CommandError(f"{text} has no =")
    return name.strip(), value.strip()


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
