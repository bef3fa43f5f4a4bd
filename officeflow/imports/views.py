"""The pages of imports: upload, preview, progress and report."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.errors import Conflict, Refused
from officeflow.imports import actions, queries, samples
from officeflow.imports.forms import FileForm, LayoutForm, MappingForm
from officeflow.imports.leases import is_idle
from officeflow.imports.mapping import ColumnMapping, NotMapped
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.navigation import IMPORT_PERMISSIONS
from officeflow.imports.reading import (
    DELIMITERS,
    ENCODINGS,
    MAX_BYTES,
    MAX_ROWS,
    UNICODE,
    Layout,
    Sample,
    read_sample,
)
from officeflow.imports.registry import (
    ImportColumn,
    Importer,
    Totals,
    importer_of,
    importers_for,
)
from officeflow.imports.remarks import remarks_of
from officeflow.imports.report import columns_of, lines
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.tasks import is_under_way, send_work_task, work_for
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of

SHOWN = (*RowOutcome.values, queries.WARNINGS)
# How long a request of the import's page imports units when no worker does.
SLICE_SECONDS = 0.8
SHORT_WORKBOOK = 200_000  # bytes


def importer_for(user: User, kind: str) -> Importer:
    """Returns the importer of a kind. Raises `Http404` when the person may not use it."""
    for importer in importers_for(user):
        if importer.kind == kind:
            return importer
    raise Http404


def find_import_file(user: User, number: str) -> ImportFile:
    """Returns the file of a number. Raises `Http404` when the person may not import its kind."""
    return get_object_or_404(queries.import_files_for(user), number=normalise(number))


@require_safe
@requires(*IMPORT_PERMISSIONS)
def import_files(request: StaffRequest) -> HttpResponse:
    """Lists the kinds of files that the person may import, and the imports."""
    page = page_of(request, queries.import_files_for(request.user), order=("-id",))
    for each in page.rows:
        each.importer = importer_of(each.kind)  # type: ignore[attr-defined]  # for its label
    context = {"importers": importers_for(request.user), "page": page}
    return render(request, "imports/files.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*IMPORT_PERMISSIONS)
def import_new(request: StaffRequest, kind: str) -> HttpResponse:
    """Uploads a file, whose columns are chosen on its page."""
    importer = importer_for(request.user, kind)
    form = FileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            number = _upload(request, importer, form)
            if number:
                return redirect("imports:file", number)
        status = 422
    context = {
        "importer": importer,
        "form": form,
        "most_mb": MAX_BYTES // 1024**2,
        "most_rows": MAX_ROWS,
    }
    return render(request, "imports/new.html", context, status=status)


def _upload(request: StaffRequest, importer: Importer, form: FileForm) -> str:
    file = form.cleaned_data["file"]
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    try:
        done = form.run_once(
            actor=request.user,
            endpoint="import_file.new",
            body={"kind": importer.kind, "file": digest.hexdigest()},
            effect=lambda: {
                "number": actions.upload_import_file(
                    actor=request.user,
                    kind=importer.kind,
                    file_name=file.name,
                    parts=file.chunks(),
                ).number
            },
            reused=_("Another file was already sent from this page. Choose your file again."),
        )
    except Refused as refused:
        show_refusal(form, refused)
    else:
        return str(done.result["number"])
    return ""


@require_safe
@requires(*IMPORT_PERMISSIONS)
def template(request: StaffRequest, kind: str) -> HttpResponse:
    """Serves a CSV file with the headings and one example row."""
    importer = importer_for(request.user, kind)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{importer.kind}.csv"'
    response.write("\ufeff")  # the byte order mark, by which spreadsheets recognise UTF-8
    writer = csv.writer(response)
    writer.writerow([column.name for column in importer.columns])
    writer.writerow([column.example for column in importer.columns])
    return response


@require_safe
@requires(*IMPORT_PERMISSIONS)
def import_file(request: StaffRequest, number: str) -> HttpResponse:
    """Shows an import: the choice of its columns, its preview, progress or result."""
    found = find_import_file(request.user, number)
    if found.state == ImportState.MAPPING:
        return _columns_page(request, found)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHOWN else ""
    importer = importer_of(found.kind)
    counts = queries.count_rows(found)
    mapping = ColumnMapping(**found.mapping)
    used = {*mapping.columns, *mapping.values} or {each.name for each in importer.columns}
    shown = [each for each in importer.columns if each.name in used]
    is_ready = found.state == ImportState.READY
    size = queries.PREVIEW_SIZE if is_ready and not chosen else 50
    page = page_of(
        request, queries.rows_of(found, chosen), order=("number",), cursor="number", size=size
    )
    context = {
        "importer": importer,
        "counts": counts,
        "remarks": remarks_of(found) if is_ready else [],
        "totals": _totals(found, importer) if is_ready else None,
        "reasons": queries.refused_reasons(found) if counts.refused else [],
        "earlier": queries.earlier_import_file(found) if is_ready else None,
        "is_ready": is_ready,
        "is_stopped": found.state == ImportState.STOPPED,
        "is_finished": found.state == ImportState.FINISHED,
        "tabs": _tabs(found, counts, chosen),
        "page": page,
        "lines": [_row_context(row, importer, shown, request.user) for row in page.rows],
        "columns": shown,
        "size": size,
    }
    return render(request, "imports/file.html", context | _progress_context(found))


def _totals(found: ImportFile, importer: Importer) -> Totals | None:
    return importer.totals({name: Decimal(number) for name, number in found.sums.items()})


def _columns_page(
    request: StaffRequest,
    found: ImportFile,
    form: MappingForm | None = None,
    layout_form: LayoutForm | None = None,
) -> HttpResponse:
    importer = importer_of(found.kind)
    layout = Layout(**found.layout)
    form = form or MappingForm(importer, found)
    try:
        sample = read_sample(actions.content_of_file(found), layout)
    except Refused:  # it could be read when it was uploaded
        sample = Sample(headings=found.headings, lines=[])
    is_sent = form.is_bound or (layout_form is not None and layout_form.is_bound)
    letters = samples.encoding_samples(actions.content_of_file(found), layout)
    layout_form = layout_form or LayoutForm(layout)
    proposed = ColumnMapping(**found.mapping)
    context = {
        "import_file": found,
        "importer": importer,
        "form": form,
        "layout": layout,
        "layout_form": layout_form,
        "encoding_name": ENCODINGS.get(layout.encoding, ""),
        "delimiter_name": DELIMITERS.get(layout.delimiter, ""),
        "has_values": bool(found.mapping.get("values")),
        "letters": letters,
        "is_encoding_guessed": bool(letters) and layout.encoding not in UNICODE,
        "encodings": [
            each
            for each in _with_samples(layout_form, "encoding", letters)
            if each["samples"] or not letters
        ],
        "signs": _with_samples(
            form, "decimal_sign", samples.number_samples(importer, sample, proposed)
        ),
        "orders": _with_samples(
            form, "date_order", samples.date_samples(importer, sample, proposed)
        ),
        "remembered": queries.remembered_mapping(found),
        "columns": [
            {"field": form[f"column_{place}"], "samples": samples.column_samples(sample, place)}
            for place in range(len(found.headings))
        ],
        "values": [
            {"field": form[f"value_{place}"], "column": column}
            for place, column in enumerate(importer.columns)
        ],
    }
    return render(request, "imports/columns.html", context, status=422 if is_sent else 200)


def _with_samples(
    form: forms.Form, name: str, found: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Returns the choices of a field of radio buttons, each with what the file would look like."""
    if name not in form.fields:
        return []
    return [
        {"choice": choice, "samples": found.get(choice.data["value"], ())} for choice in form[name]
    ]


@require_POST
@requires(*IMPORT_PERMISSIONS)
def layout(request: StaffRequest, number: str) -> HttpResponse:
    """Reads the headings of an uploaded file in another way."""
    found = find_import_file(request.user, number)
    if found.state == ImportState.MAPPING:
        form = LayoutForm(Layout(**found.layout), request.POST)
        if not form.is_valid():
            return _columns_page(request, found, layout_form=form)
        try:
            actions.read_again(actor=request.user, import_file=found, layout=form.chosen())
        except Refused as refused:
            form.add_error(None, refused.message)
            return _columns_page(request, found, layout_form=form)
        except Conflict as conflict:
            messages.warning(request, conflict.message)
    return redirect("imports:file", found.number)


@require_POST
@requires(*IMPORT_PERMISSIONS)
def check(request: StaffRequest, number: str) -> HttpResponse:
    """Checks a file with the chosen columns; nothing is imported yet."""
    found = find_import_file(request.user, number)
    if found.state == ImportState.MAPPING:
        form = MappingForm(importer_of(found.kind), found, request.POST)
        if not form.is_valid():
            return _columns_page(request, found, form)
        try:
            actions.check_import_file(
                actor=request.user,
                import_file=found,
                mapping=form.mapping(),
                options=form.options(),
                source=form.cleaned_data.get("source", ""),
            )
        except Refused as refused:
            if isinstance(refused, NotMapped):
                for place, column in enumerate(form.importer.columns):
                    if column.name in refused.columns:
                        form.add_error(f"value_{place}", _("Choose a column or enter a value."))
            show_refusal(form, refused)
            return _columns_page(request, found, form)
        except Conflict as conflict:
            messages.warning(request, conflict.message)
    # A short file is checked at once; a long workbook takes long to unpack.
    if not Layout(**found.layout).is_workbook or queries.content_size(found) <= SHORT_WORKBOOK:
        work_for(found.number, seconds=SLICE_SECONDS)
    if is_under_way(found.number):
        send_work_task(found.number)
    return redirect("imports:file", found.number)


@require_POST
@requires(*IMPORT_PERMISSIONS)
def columns(request: StaffRequest, number: str) -> HttpResponse:
    """Goes back to the choice of the columns."""
    _found, _done, back = _change(request, number, actions.choose_columns_again)
    return back


def _progress_context(found: ImportFile) -> dict[str, Any]:
    """The context of the live part of the page."""
    return {
        "import_file": found,
        "minutes_left": queries.minutes_left(found, timezone.now()),
        "made": queries.created_counts(found),
        "version": _version(found),
    }


def _version(found: ImportFile) -> str:
    return entity_tag(found.number, found.version)


def _row_context(
    row: ImportRow, importer: Importer, columns: Sequence[ImportColumn], user: User
) -> dict[str, Any]:
    cells = row.cells or {}
    may_open = importer.link_permission is None or user.may(importer.link_permission)
    return {
        "row": row,
        "outcome": RowOutcome(row.outcome),
        "is_ahead": row.outcome == RowOutcome.IMPORTED and not row.is_done,
        "url": importer.link(row.reference) if row.reference and may_open else "",
        "cells": [(column.name, cells.get(column.name, "")) for column in columns],
    }


def _tabs(found: ImportFile, counts: queries.RowCounts, chosen: str) -> list[dict[str, Any]]:
    address = reverse("imports:file", args=[found.number])
    every = [("", _("All rows"), counts.rows)]
    if counts.warnings:
        every.append((queries.WARNINGS, _("To look at"), counts.warnings))
    every += [
        (outcome.value, str(outcome.label), count)
        for outcome, count in (
            (RowOutcome.REFUSED, counts.refused),
            (RowOutcome.IMPORTED, counts.imported),
            (RowOutcome.EXISTING, counts.existing),
        )
        if count
    ]
    if found.state == ImportState.READY:
        every = [
            (value, _("To import") if value == RowOutcome.IMPORTED else label, count)
            for value, label, count in every
        ]
    return [
        {
            "label": label,
            "url": f"{address}?show={value}#rows" if value else f"{address}#rows",
            "current": value == chosen,
            "count": count,
        }
        for value, label, count in every
    ]


@require_safe
@requires(*IMPORT_PERMISSIONS)
def progress(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the progress of a check or an import, or answers 304 while it has not changed.

    When no worker works on the file, each request does a part, so that imports go on without
    workers and without Redis. When the work has ended, the whole page is reloaded.
    """
    found = find_import_file(request.user, number)
    if is_idle(found):
        work_for(found.number, seconds=SLICE_SECONDS)
        found = find_import_file(request.user, number)
        if found.is_under_way:
            send_work_task(found.number)
    if found.is_under_way:
        version = _version(found)
        return refresh(request, "imports/_progress.html", version, lambda: _progress_context(found))
    response = render(request, "imports/_progress.html", _progress_context(found))
    response["HX-Refresh"] = "true"
    return response


def _change(
    request: StaffRequest, number: str, verb: Callable[..., ImportFile]
) -> tuple[ImportFile, bool, HttpResponse]:
    """Calls an action; returns the file, whether it succeeded, and a redirect to its page."""
    found = find_import_file(request.user, number)
    back = redirect("imports:file", found.number)
    try:
        verb(actor=request.user, import_file=found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return found, False, back
    return found, True, back


@require_POST
@requires(*IMPORT_PERMISSIONS)
def start(request: StaffRequest, number: str) -> HttpResponse:
    """Starts or continues an import."""
    found, done, back = _change(request, number, actions.start_import_file)
    if done:
        send_work_task(found.number)
    return back


@require_POST
@requires(*IMPORT_PERMISSIONS)
def stop(request: StaffRequest, number: str) -> HttpResponse:
    """Stops an import after the current batch."""
    _found, done, back = _change(request, number, actions.stop_import_file)
    if done:
        messages.info(request, _("Stopped. What was imported stays. You can continue at any time."))
    return back


@require_POST
@requires(*IMPORT_PERMISSIONS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    """Discards a file of which nothing was imported."""
    _found, done, back = _change(request, number, actions.discard_import_file)
    if done:
        messages.info(request, _("Discarded. Nothing was imported from this file."))
        return redirect("imports:files")
    return back


@require_safe
@requires(*IMPORT_PERMISSIONS)
def report(request: StaffRequest, number: str) -> HttpResponse:
    """Exports rows with their outcomes and reasons, as CSV or XLSX (`?export=`).

    Without `?show=` these are all rows, else those of one outcome or with warnings.
    """
    found = find_import_file(request.user, number)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    return export.respond(  # type: ignore[return-value]  # a file response is a response
        request,
        export.wanted(request) or "csv",
        name=f"{show or 'report'}-{found.number}",
        columns=columns_of(found),
        rows=lines(found, show),
    )
