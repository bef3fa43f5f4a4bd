"""The pages of imports: upload, preview, progress and report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officeflow.errors import Conflict, Refused
from officeflow.idempotency.actions import body_hash
from officeflow.imports import actions, numbers, queries
from officeflow.imports.forms import FileForm
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.navigation import IMPORT_PERMISSIONS
from officeflow.imports.reading import MAX_BYTES, MAX_ROWS
from officeflow.imports.registry import Importer, ImportJob, importer_of, importers_for
from officeflow.imports.report import columns_of, lines
from officeflow.imports.running import is_idle, work
from officeflow.imports.states import ImportState, RowOutcome
from officeflow.imports.tasks import send_work_task
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of

# How long a request of the import's page imports units when no worker does.
SLICE_SECONDS = 0.8


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
    """Uploads a file and previews it; nothing is imported yet."""
    importer = importer_for(request.user, kind)
    form = FileForm(importer, request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            number = _open_file(request, importer, form)
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


def _open_file(request: StaffRequest, importer: Importer, form: FileForm) -> str:
    file = form.cleaned_data["file"]
    data, source = file.read(), form.cleaned_data.get("source", "")
    sign = form.cleaned_data.get("decimal_sign", "")
    try:
        done = form.run_once(
            actor=request.user,
            endpoint="import_file.new",
            body={
                "kind": importer.kind,
                "source": source,
                "decimal_sign": sign,
                "file": body_hash(data.hex()),
            },
            effect=lambda: {
                "number": actions.open_import_file(
                    actor=request.user,
                    kind=importer.kind,
                    file_name=file.name,
                    data=data,
                    source=source,
                    decimal_sign=sign,
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
    """Shows an import: its preview, progress or result."""
    found = find_import_file(request.user, number)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in RowOutcome.values else ""
    importer = importer_of(found.kind)
    counts = queries.count_rows(found)
    job = ImportJob(actor=found.uploaded_by, source=found.source, facts=found.facts)
    signs = found.facts.get(actions.SIGNS, {})
    is_ready = found.state == ImportState.READY
    size = queries.PREVIEW_SIZE if is_ready and not chosen else 50
    page = page_of(
        request, queries.rows_of(found, chosen), order=("number",), cursor="number", size=size
    )
    context = {
        "importer": importer,
        "counts": counts,
        "remarks": [*numbers.sentences(signs), *importer.remarks(job)] if is_ready else [],
        "earlier": queries.earlier_import_file(found) if is_ready else None,
        "is_ready": is_ready,
        "is_stopped": found.state == ImportState.STOPPED,
        "is_finished": found.state == ImportState.FINISHED,
        "tabs": _tabs(found, counts, chosen),
        "page": page,
        "lines": [_row_context(row, importer, request.user) for row in page.rows],
        "columns": importer.columns,
        "size": size,
    }
    return render(request, "imports/file.html", context | _progress_context(found))


def _progress_context(found: ImportFile) -> dict[str, Any]:
    """The context of the live part of the page."""
    return {
        "import_file": found,
        "made": queries.created_counts(found),
        "version": _version(found),
    }


def _version(found: ImportFile) -> str:
    return entity_tag(found.number, found.version)


def _row_context(row: ImportRow, importer: Importer, user: User) -> dict[str, Any]:
    cells = row.cells or {}
    may_open = importer.link_permission is None or user.may(importer.link_permission)
    return {
        "row": row,
        "outcome": RowOutcome(row.outcome),
        "is_ahead": row.outcome == RowOutcome.IMPORTED and not row.is_done,
        "url": importer.link(row.reference) if row.reference and may_open else "",
        "cells": [(column.name, cells.get(column.name, "")) for column in importer.columns],
    }


def _tabs(found: ImportFile, counts: queries.RowCounts, chosen: str) -> list[dict[str, Any]]:
    address = reverse("imports:file", args=[found.number])
    every = [("", _("All rows"), counts.rows)]
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
    """Shows the progress of an import, or answers 304 while it has not changed.

    When no worker runs a started import, each request imports a few units, so that imports go on
    without workers and without Redis. When the import has ended, the whole page is reloaded.
    """
    found = find_import_file(request.user, number)
    if is_idle(found):
        work(found.number, seconds=SLICE_SECONDS)
        found = find_import_file(request.user, number)
        if found.is_running:
            send_work_task(found.number)
    if found.is_running:
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
    """Stops an import after the current unit."""
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
    """Exports each row with its outcome and reason, as CSV or XLSX (`?export=`)."""
    found = find_import_file(request.user, number)
    return export.respond(  # type: ignore[return-value]  # a file response is a response
        request,
        export.wanted(request) or "csv",
        name=f"report-{found.number}",
        columns=columns_of(found),
        rows=lines(found),
    )
