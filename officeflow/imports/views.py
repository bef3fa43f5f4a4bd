"""Reading a file in: choosing it, seeing what would happen, watching, and the report."""

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
from officeflow.imports import actions, queries
from officeflow.imports.forms import FileForm
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.navigation import READERS
from officeflow.imports.reading import MOST_BYTES, MOST_ROWS
from officeflow.imports.registry import Importer, Job, importer_of, importers_for
from officeflow.imports.report import columns_of, lines
from officeflow.imports.running import is_left_alone, work
from officeflow.imports.states import ImportState, Outcome
from officeflow.imports.tasks import wake
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.forms import show_refusal
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.paging import page_of

# How long a page that looks on works itself, when no worker does.
SLICE_SECONDS = 0.8


def importer_for(user: User, kind: str) -> Importer:
    """The importer of a kind that somebody may read in. Raises `Http404`."""
    for importer in importers_for(user):
        if importer.kind == kind:
            return importer
    raise Http404


def find_import_file(user: User, number: str) -> ImportFile:
    """The file of that number, if its kind is for this person to read in. Raises `Http404`."""
    return get_object_or_404(queries.import_files_for(user), number=normalise(number))


@require_safe
@requires(*READERS)
def import_files(request: StaffRequest) -> HttpResponse:
    """What can be read in, and what was."""
    page = page_of(request, queries.import_files_for(request.user), order=("-id",))
    for each in page.rows:
        each.importer = importer_of(each.kind)  # type: ignore[attr-defined]  # for its label
    context = {"importers": importers_for(request.user), "page": page}
    return render(request, "imports/files.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*READERS)
def import_new(request: StaffRequest, kind: str) -> HttpResponse:
    """Choosing a file. It is looked through at once; nothing is taken yet."""
    importer = importer_for(request.user, kind)
    form = FileForm(importer, request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            number = _bring_in(request, importer, form)
            if number:
                return redirect("imports:file", number)
        status = 422
    context = {
        "importer": importer,
        "form": form,
        "most_mb": MOST_BYTES // 1024**2,
        "most_rows": MOST_ROWS,
    }
    return render(request, "imports/new.html", context, status=status)


def _bring_in(request: StaffRequest, importer: Importer, form: FileForm) -> str:
    file = form.cleaned_data["file"]
    data, source = file.read(), form.cleaned_data.get("source", "")
    try:
        outcome = form.act_once(
            actor=request.user,
            endpoint="import_file.new",
            body={"kind": importer.kind, "source": source, "file": body_hash(data.hex())},
            effect=lambda: {
                "number": actions.open_import_file(
                    actor=request.user,
                    kind=importer.kind,
                    file_name=file.name,
                    data=data,
                    source=source,
                ).number
            },
            reused=_("Another file was sent from this page. Choose yours again."),
        )
    except Refused as refused:
        show_refusal(form, refused)
    else:
        return str(outcome.result["number"])
    return ""


@require_safe
@requires(*READERS)
def template(request: StaffRequest, kind: str) -> HttpResponse:
    """An empty file with the headings and one example, to be filled in."""
    importer = importer_for(request.user, kind)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{importer.kind}.csv"'
    response.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    writer = csv.writer(response)
    writer.writerow([column.name for column in importer.columns])
    writer.writerow([column.example for column in importer.columns])
    return response


@require_safe
@requires(*READERS)
def import_file(request: StaffRequest, number: str) -> HttpResponse:
    """One file: what would happen, how far it is, or what came of it."""
    found = find_import_file(request.user, number)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in Outcome.values else ""
    importer = importer_of(found.kind)
    tally = queries.tally(found)
    job = Job(actor=found.uploaded_by, source=found.source, facts=found.facts)
    is_ready = found.state == ImportState.READY
    size = queries.PREVIEWED if is_ready and not chosen else 50
    page = page_of(
        request, queries.rows_of(found, chosen), order=("number",), cursor="number", size=size
    )
    context = {
        "importer": importer,
        "tally": tally,
        "remarks": importer.remarks(job) if is_ready else [],
        "earlier": queries.earlier_import_file(found) if is_ready else None,
        "is_ready": is_ready,
        "is_stopped": found.state == ImportState.STOPPED,
        "is_finished": found.state == ImportState.FINISHED,
        "tabs": _tabs(found, tally, chosen),
        "page": page,
        "lines": [_line(row, importer, request.user) for row in page.rows],
        "columns": importer.columns,
        "size": size,
    }
    return render(request, "imports/file.html", context | _standing(found))


def _standing(found: ImportFile) -> dict[str, Any]:
    """What the part of the page that moves shows."""
    return {
        "import_file": found,
        "made": queries.made_by(found),
        "version": _version(found),
    }


def _version(found: ImportFile) -> str:
    return entity_tag(found.number, found.version)


def _line(row: ImportRow, importer: Importer, user: User) -> dict[str, Any]:
    cells = row.cells or {}
    may_open = importer.link_permission is None or user.may(importer.link_permission)
    return {
        "row": row,
        "outcome": Outcome(row.outcome),
        "is_ahead": row.outcome == Outcome.TAKEN and not row.is_done,
        "url": importer.link(row.reference) if row.reference and may_open else "",
        "cells": [(column.name, cells.get(column.name, "")) for column in importer.columns],
    }


def _tabs(found: ImportFile, tally: queries.Tally, chosen: str) -> list[dict[str, Any]]:
    address = reverse("imports:file", args=[found.number])
    every = [("", _("All rows"), tally.rows)]
    every += [
        (outcome.value, str(outcome.label), count)
        for outcome, count in (
            (Outcome.REFUSED, tally.refused),
            (Outcome.TAKEN, tally.taken),
            (Outcome.THERE, tally.there),
        )
        if count
    ]
    if found.state == ImportState.READY:
        every = [
            (value, _("To import") if value == Outcome.TAKEN else label, count)
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
@requires(*READERS)
def progress(request: StaffRequest, number: str) -> HttpResponse:
    """How far it is, or 304 while it is as it was.

    While nobody works on a file that somebody started, each look takes a few units itself: what
    was asked for goes on without any worker, and without Redis. When it no longer runs the page
    is asked to come afresh, with its result.
    """
    found = find_import_file(request.user, number)
    if is_left_alone(found):
        work(found.number, seconds=SLICE_SECONDS)
        found = find_import_file(request.user, number)
        if found.is_running:
            wake(found.number)
    if found.is_running:
        version = _version(found)
        return refresh(request, "imports/_progress.html", version, lambda: _standing(found))
    response = render(request, "imports/_progress.html", _standing(found))
    response["HX-Refresh"] = "true"
    return response


def _change(
    request: StaffRequest, number: str, verb: Callable[..., ImportFile]
) -> tuple[ImportFile, bool, HttpResponse]:
    """Does one thing with a file; whether it was done, and the way back to its page."""
    found = find_import_file(request.user, number)
    back = redirect("imports:file", found.number)
    try:
        verb(actor=request.user, import_file=found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
        return found, False, back
    return found, True, back


@require_POST
@requires(*READERS)
def start(request: StaffRequest, number: str) -> HttpResponse:
    """Lets the file be taken, or goes on where it was stopped."""
    found, done, back = _change(request, number, actions.start_import_file)
    if done:
        wake(found.number)
    return back


@require_POST
@requires(*READERS)
def stop(request: StaffRequest, number: str) -> HttpResponse:
    """Stops after what is being taken just now."""
    _found, done, back = _change(request, number, actions.stop_import_file)
    if done:
        messages.info(request, _("Stopped. What was taken stays; you can go on at any time."))
    return back


@require_POST
@requires(*READERS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    """Puts a file away of which nothing was taken."""
    _found, done, back = _change(request, number, actions.discard_import_file)
    if done:
        messages.info(request, _("Discarded. Nothing was taken from this file."))
        return redirect("imports:files")
    return back


@require_safe
@requires(*READERS)
def report(request: StaffRequest, number: str) -> HttpResponse:
    """Each row with its outcome and reason, as CSV or Excel (`?export=`)."""
    found = find_import_file(request.user, number)
    return export.respond(  # type: ignore[return-value]  # a file response is a response
        request,
        export.wanted(request) or "csv",
        name=f"report-{found.number}",
        columns=columns_of(found),
        rows=lines(found),
    )
