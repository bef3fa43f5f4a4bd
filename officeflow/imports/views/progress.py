"""An import under way: its progress, and starting, stopping and discarding it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officeflow.imports import actions, queries
from officeflow.imports.leases import is_idle
from officeflow.imports.models import ImportFile
from officeflow.imports.navigation import IMPORT_PERMISSIONS
from officeflow.imports.tasks import send_work_task, work_for_page
from officeflow.imports.views.common import SLICE_SECONDS, change_import_file, find_import_file
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.live import entity_tag, refresh


def progress_context(found: ImportFile) -> dict[str, Any]:
    """The context of the live part of the page."""
    return {
        "import_file": found,
        "minutes_left": queries.minutes_left(found, timezone.now()),
        "made": queries.created_counts(found),
        "version": _version(found),
    }


def _version(found: ImportFile) -> str:
    return entity_tag(found.number, found.version)


@require_safe
@requires(*IMPORT_PERMISSIONS)
def progress(request: StaffRequest, number: str) -> HttpResponse:
    """Shows the progress of a check or an import, or answers 304 while it has not changed.

    When no worker works on the file, each request does a part, so that imports go on without
    workers and without Redis. When the work has ended, the whole page is reloaded.
    """
    found = find_import_file(request.user, number)
    if is_idle(found):
        work_for_page(found, seconds=SLICE_SECONDS)
        found = find_import_file(request.user, number)
    if found.is_under_way:
        version = _version(found)
        return refresh(request, "imports/_progress.html", version, lambda: progress_context(found))
    response = render(request, "imports/_progress.html", progress_context(found))
    response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(*IMPORT_PERMISSIONS)
def start(request: StaffRequest, number: str) -> HttpResponse:
    """Starts or continues an import."""
    found, done, back = change_import_file(request, number, actions.start_import_file)
    if done:
        send_work_task(found.number)
    return back


@require_POST
@requires(*IMPORT_PERMISSIONS)
def stop(request: StaffRequest, number: str) -> HttpResponse:
    """Stops an import after the current batch."""
    _found, done, back = change_import_file(request, number, actions.stop_import_file)
    if done:
        messages.info(request, _("Stopped. What was imported stays. You can continue at any time."))
    return back


@require_POST
@requires(*IMPORT_PERMISSIONS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    """Discards a file of which nothing was imported."""
    _found, done, back = change_import_file(request, number, actions.discard_import_file)
    if done:
        messages.info(request, _("Discarded. Nothing was imported from this file."))
        return redirect("imports:files")
    return back
