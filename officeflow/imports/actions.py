"""Uploads, checks, starts, stops and discards imports.

`checking` reads and previews the rows, `running` imports them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.audit.actions import record
from officeflow.errors import Conflict, Refused
from officeflow.imports import prices
from officeflow.imports.content import MAX_BYTES, PART_BYTES, Content, unreadable
from officeflow.imports.mapping import ColumnMapping, checked_mapping, headings_digest
from officeflow.imports.models import ImportContent, ImportFile, ImportRow, RememberedMapping
from officeflow.imports.proposals import (
    known_headings,
    price_headings,
    propose,
    source_of,
    with_new_columns,
)
from officeflow.imports.queries import remembered_mapping, remembered_prices
from officeflow.imports.reading import Layout, count_lines, find_layout, read_sample
from officeflow.imports.registry import Importer, importer_of
from officeflow.imports.states import IMPORT_MOVES, ImportState
from officeflow.numbering import next_number
from officeflow.staff.models import User

MAX_REASON_LENGTH = 300
# How long the cells of a finished file are stored for its report.
CELL_RETENTION = timedelta(days=90)


@transaction.atomic
def upload_import_file(
    *, actor: User, kind: str, file_name: str, parts: Iterable[bytes], source: str = ""
) -> ImportFile:
    """Stores a file and proposes what its columns mean; nothing is read further yet.

    The choices made for the last file with the same headings are proposed again. `source` names
    where such files come from; empty for the proposed name. Raises `Refused` (field `file` or
    `source`).
    """
    importer = importer_of(kind)
    now = timezone.now()
    import_file = ImportFile.objects.create(
        number=next_number("IN"),
        kind=kind,
        source=clean_source(source, importer),
        file_name=file_name[-200:] or kind,
        state=ImportState.MAPPING,
        is_read=False,
        uploaded_by=actor,
        uploaded_at=now,
    )
    import_file.file_digest = _store_content(import_file, parts)
    content = content_of_file(import_file)
    layout = find_layout(content, known_headings([importer]))
    import_file.lines_expected = count_lines(content, layout)
    _propose(import_file, importer, layout, keep_source=bool(source))
    record(
        actor=actor,
        action="upload_import_file",
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (None, import_file.state)},
        at=now,
    )
    drop_old_cells()
    return import_file


def _store_content(import_file: ImportFile, parts: Iterable[bytes]) -> str:
    """Stores a file in parts of the same size and returns its digest. Raises `Refused`."""
    digest, size, position, rest = hashlib.sha256(), 0, 0, bytearray()
    for part in (*parts, b""):
        digest.update(part)
        size += len(part)
        if size > MAX_BYTES:
            raise unreadable(
                _("The file is larger than %(most)s MB. Split it into smaller files.")
                % {"most": MAX_BYTES // 1024**2}
            )
        rest += part
        while len(rest) >= PART_BYTES or (not part and rest):
            ImportContent.objects.create(
                import_file=import_file, position=position, data=bytes(rest[:PART_BYTES])
            )
            position += 1
            del rest[:PART_BYTES]
    return digest.hexdigest()


def content_of_file(import_file: ImportFile) -> Content:
    """Returns the content of an uploaded file, which is read part by part."""

    def parts() -> Iterator[bytes]:
        stored = ImportContent.objects.filter(import_file=import_file).order_by("position")
        for position in list(stored.values_list("position", flat=True)):
            yield bytes(stored.values_list("data", flat=True).get(position=position))

    return parts


def _propose(
    import_file: ImportFile, importer: Importer, layout: Layout, *, keep_source: bool
) -> None:
    """Reads the headings and stores the proposed mapping, options and source."""
    sample = read_sample(content_of_file(import_file), layout)
    import_file.layout = layout.as_json()
    import_file.headings = sample.headings
    remembered = remembered_mapping(import_file)
    mapping = propose(importer, sample)
    if remembered is not None:
        mapping = with_new_columns(
            importer, ColumnMapping(**remembered.mapping), remembered.known_columns, mapping
        )
    import_file.mapping = mapping.as_json()
    if not keep_source and importer.default_source:
        import_file.source = (
            remembered.source if remembered else source_of(importer, sample.headings)
        )
    # What the file itself shows, such as how old its orders are, is proposed anew each time.
    options = remembered.options if remembered else {}
    in_headings = prices.option_of_headings(price_headings(importer, mapping, sample.headings))
    import_file.options = {
        **options,
        prices.OPTION: options.get(prices.OPTION) or remembered_prices(import_file),
        **importer.proposed_options(sample, mapping),
    }
    if in_headings and not options.get(prices.OPTION):
        import_file.options[prices.OPTION] = in_headings
    import_file.problem = ""
    import_file.version += 1
    import_file.save()


@transaction.atomic
def read_again(*, actor: User, import_file: ImportFile, layout: Layout) -> ImportFile:
    """Reads the headings of an uploaded file in another way, and proposes the mapping again.

    Raises `Refused` (field `file`) when the file cannot be read so, `Conflict` when it is checked
    or imported already.
    """
    current = _lock_mapping(import_file)
    _propose(current, importer_of(current.kind), layout, keep_source=False)
    return current


@transaction.atomic
def check_import_file(
    *,
    actor: User,
    import_file: ImportFile,
    mapping: ColumnMapping,
    options: Mapping[str, Any] | None = None,
    source: str = "",
) -> ImportFile:
    """Lets a file be checked with these columns, and remembers them for its headings.

    Raises `Refused` (field `columns` or `source`) for columns that contradict each other,
    `Conflict` when the file is checked or imported already.
    """
    current = _lock_mapping(import_file)
    importer = importer_of(current.kind)
    current.source = clean_source(source or current.source, importer)
    current.options = importer.checked_options(options or {})
    sample = read_sample(content_of_file(current), Layout(**current.layout))
    current.mapping = checked_mapping(importer, sample, mapping).as_json()
    current.unread_headings = mapping.ignored(current.headings)
    current.problem = ""
    _forget_rows(current)
    _move(actor, current, ImportState.CHECKING, "check_import_file")
    RememberedMapping.objects.update_or_create(
        kind=current.kind,
        headings_digest=headings_digest(current.headings),
        defaults={
            "mapping": current.mapping,
            "known_columns": [column.name for column in importer.columns],
            "options": current.options,
            "source": current.source,
            "import_file": current,
        },
    )
    return current


@transaction.atomic
def choose_columns_again(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Returns a checked file, or one that is being checked, to the choice of its columns.

    Raises `Conflict` when it is imported already.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.MAPPING)
    delete_rows(current)
    _move(actor, current, ImportState.MAPPING, "choose_import_columns")
    return current


@transaction.atomic
def check_again(*, actor: User, import_file: ImportFile, options: Mapping[str, Any]) -> ImportFile:
    """Lets a checked file be checked again with other options and the same columns.

    Raises `Refused` for an option that is not valid, `Conflict` when it is imported already.
    """
    current = choose_columns_again(actor=actor, import_file=import_file)
    return check_import_file(
        actor=actor,
        import_file=current,
        mapping=ColumnMapping(**current.mapping),
        options={**current.options, **options},
        source=current.source,
    )


def delete_rows(import_file: ImportFile) -> None:
    """Deletes the rows of a file of which nothing is imported. The caller saves it."""
    with connection.cursor() as cursor:  # without loading them
        cursor.execute("DELETE FROM imports_importrow WHERE import_file_id = %s", [import_file.pk])
        cursor.execute("DELETE FROM imports_importunit WHERE import_file_id = %s", [import_file.pk])
    _forget_rows(import_file)


def _forget_rows(import_file: ImportFile) -> None:
    import_file.rows_total = import_file.units_total = import_file.units_checked = 0
    import_file.lines_read = import_file.rows_gathered = 0
    import_file.is_read, import_file.facts, import_file.sums = False, {}, {}


def _lock_mapping(import_file: ImportFile) -> ImportFile:
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.CHECKING)
    return current


def open_import_file(
    *,
    actor: User,
    kind: str,
    file_name: str,
    data: bytes,
    source: str = "",
    options: Mapping[str, Any] | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> ImportFile:
    """Uploads and checks a file; nothing is imported yet.

    `mapping` are fields of `ColumnMapping` that replace the proposed ones. Raises `Refused` (field
    `file`, `source` or `columns`).
    """
    from officeflow.imports.checking import check  # which calls actions

    import_file = upload_import_file(
        actor=actor, kind=kind, file_name=file_name, parts=[data], source=source
    )
    import_file = check_import_file(
        actor=actor,
        import_file=import_file,
        mapping=ColumnMapping(**{**import_file.mapping, **(mapping or {})}),
        options=options,
        source=source,
    )
    check(import_file.number, seconds=3600)
    import_file.refresh_from_db()
    if import_file.problem:
        raise unreadable(import_file.problem)
    return import_file


def clean_source(source: str, importer: Importer) -> str:
    """Returns the source, normalised. Raises `Refused`."""
    if not importer.default_source:
        return ""
    source = " ".join(source.split()) or importer.default_source
    if len(source) > 60:
        raise Refused(_("The name of a source can have at most 60 characters."), "source")
    return source


@transaction.atomic
def start_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Starts an import, or continues one that was stopped.

    Raises `Conflict` when it is running, finished or discarded.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    if current.state == ImportState.RUNNING:
        raise Conflict(_("This file is already being imported."))
    _check(current, ImportState.RUNNING)
    now = timezone.now()
    current.started_at = current.started_at or now
    current.resumed_at, current.rows_done_before = now, current.rows_done
    _move(actor, current, ImportState.RUNNING, "start_import_file")
    ImportContent.objects.filter(import_file=current).delete()  # the rows have it now
    return current


@transaction.atomic
def stop_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Stops an import after the current batch, within seconds; it can be continued.

    Raises `Conflict` when it is not running.
    """
    # Waits for the current batch, whose process has locked this row.
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.STOPPED)
    _move(actor, current, ImportState.STOPPED, "stop_import_file")
    return current


@transaction.atomic
def discard_import_file(*, actor: User, import_file: ImportFile) -> ImportFile:
    """Discards a file of which nothing was imported, and its cells.

    Raises `Conflict` when something was imported.
    """
    current = ImportFile.objects.select_for_update().get(pk=import_file.pk)
    _check(current, ImportState.DISCARDED)
    current.facts = {}
    _move(actor, current, ImportState.DISCARDED, "discard_import_file")
    ImportRow.objects.filter(import_file=current).update(cells=None)
    ImportContent.objects.filter(import_file=current).delete()
    return current


def drop_old_cells() -> None:
    """Deletes the cells of files finished 90 days ago; outcomes and reasons stay.

    Files that were uploaded then and never checked are discarded.
    """
    now = timezone.now()
    left = ImportFile.objects.filter(
        state=ImportState.MAPPING, uploaded_at__lt=now - CELL_RETENTION
    )
    for import_file in left.order_by("pk")[:10]:
        ImportContent.objects.filter(import_file=import_file).delete()
        ImportFile.objects.filter(pk=import_file.pk).update(state=ImportState.DISCARDED)
    old = ImportFile.objects.filter(
        state=ImportState.FINISHED,
        finished_at__lt=now - CELL_RETENTION,
        cells_dropped_at__isnull=True,
    )
    for import_file in old.order_by("pk")[:10]:
        ImportRow.objects.filter(import_file=import_file).update(cells=None)
        ImportFile.objects.filter(pk=import_file.pk).update(facts={}, cells_dropped_at=now)


def _check(import_file: ImportFile, new: ImportState) -> None:
    if not IMPORT_MOVES.allows(ImportState(import_file.state), new):
        raise Conflict(
            _("You cannot do this now. The state of the file is “%(state)s”.")
            % {"state": ImportState(import_file.state).label}
        )


def _move(actor: User, import_file: ImportFile, new: ImportState, action: str) -> None:
    """Saves a file in its new state, which no process works on yet."""
    before, import_file.state = import_file.state, new
    # `leases.is_idle` measures from now on.
    import_file.worker, import_file.lease_until = "", timezone.now()
    import_file.version += 1
    import_file.save()
    record(
        actor=actor,
        action=action,
        subject_kind="import",
        subject=import_file.number,
        changes={"state": (before, new)},
    )
