"""The list of imports, the upload, and a file with its rows and its report."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officeflow.errors import Refused
from officeflow.imports import actions, queries
from officeflow.imports.content import MAX_BYTES
from officeflow.imports.forms import FileForm
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.navigation import IMPORT_PERMISSIONS
from officeflow.imports.reading import MAX_ROWS
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
from officeflow.imports.views.columns import columns_page
from officeflow.imports.views.common import SHOWN, find_import_file, importer_for
from officeflow.imports.views.progress import progress_context
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of


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
        return columns_page(request, found)
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
        # Of a short file the rows themselves are in sight.
        "reasons": queries.refused_reasons(found) if counts.refused and counts.rows > size else [],
        "earlier": queries.earlier_import_file(found) if is_ready else None,
        "question": queries.question_of(found),
        "is_ready": is_ready,
        "is_stopped": found.state == ImportState.STOPPED,
        "is_finished": found.state == ImportState.FINISHED,
        "tabs": _tabs(found, counts, chosen),
        "page": page,
        "lines": [_row_context(row, importer, shown, request.user) for row in page.rows],
        "columns": shown,
        "size": size,
    }
    return render(request, "imports/file.html", context | progress_context(found))


def _totals(found: ImportFile, importer: Importer) -> Totals | None:
    return importer.totals({name: Decimal(number) for name, number in found.sums.items()})


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
        "cells": [(column.name, _shown(column, cells.get(column.name, ""))) for column in columns],
    }


def _shown(column: ImportColumn, text: str) -> str:
    """Returns a cell as it is shown: a day without the midnight that it is stored with."""
    return text.removesuffix(" 00:00:00") if column.is_date else text


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
