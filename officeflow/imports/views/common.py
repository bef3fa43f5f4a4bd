"""What the pages of imports share."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from officeflow.errors import Conflict
from officeflow.imports import queries
from officeflow.imports.models import ImportFile
from officeflow.imports.registry import (
    Importer,
    importers_for,
)
from officeflow.imports.states import RowOutcome
from officeflow.numbering import normalise
from officeflow.staff.access import StaffRequest
from officeflow.staff.models import User

SHOWN = (*RowOutcome.values, queries.WARNINGS)
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


def change_import_file(
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
