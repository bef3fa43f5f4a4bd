"""The choice of what the columns of a file mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officeflow.errors import Conflict, Refused
from officeflow.imports import actions, dates, queries, samples
from officeflow.imports.forms import LayoutForm, MappingForm
from officeflow.imports.mapping import ColumnMapping, NotMapped
from officeflow.imports.models import ImportFile
from officeflow.imports.navigation import IMPORT_PERMISSIONS
from officeflow.imports.prices import OPTION, WITH_TAX, WITHOUT_TAX
from officeflow.imports.reading import DELIMITERS, ENCODINGS, UNICODE, Layout, Sample, read_sample
from officeflow.imports.registry import (
    importer_of,
)
from officeflow.imports.states import ImportState
from officeflow.imports.tasks import is_under_way, send_work_task, work_for_page
from officeflow.imports.views.common import SLICE_SECONDS, change_import_file, find_import_file
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal

SHORT_WORKBOOK = 200_000  # bytes


def columns_page(
    request: StaffRequest,
    found: ImportFile,
    form: MappingForm | None = None,
    layout_form: LayoutForm | None = None,
) -> HttpResponse:
    """Returns the page that asks what the columns mean, with what was sent."""
    importer = importer_of(found.kind)
    layout = Layout(**found.layout)
    try:
        sample = read_sample(actions.content_of_file(found), layout)
    except Refused:  # it could be read when it was uploaded
        sample = Sample(headings=found.headings, lines=[])
    proposed = ColumnMapping(**found.mapping)
    orders = samples.date_samples(importer, sample, proposed)
    # A file whose dates can all mean two days is read as people of the office write them.
    is_order_shown = bool(orders.get(""))
    is_order_assumed = bool(orders) and "" not in orders and not proposed.date_order
    date_order = dates.office_order() if is_order_assumed else proposed.date_order
    # What the file shows comes before the choice for an earlier file.
    form = form or MappingForm(importer, found, date_order="" if is_order_shown else date_order)
    is_sent = form.is_bound or (layout_form is not None and layout_form.is_bound)
    letters = samples.encoding_samples(actions.content_of_file(found), layout)
    layout_form = layout_form or LayoutForm(layout)
    remembered = queries.remembered_mapping(found)
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
        "encodings": _with_samples(
            layout_form, "encoding", letters or dict.fromkeys(ENCODINGS, ())
        ),
        "signs": _with_samples(
            form, "decimal_sign", samples.number_samples(importer, sample, proposed)
        ),
        "has_numbers": any(
            column.is_number and column.name in proposed.columns for column in importer.columns
        ),
        "orders": _with_samples(form, "date_order", orders),
        "is_order_assumed": is_order_assumed,
        "is_prices_assumed": OPTION in form.fields and not found.options.get(OPTION),
        "prices": _with_samples(
            form,
            OPTION,
            {WITH_TAX: [], WITHOUT_TAX: [], **importer.price_samples(sample, proposed)},
        ),
        "history_note": importer.history_note(sample, proposed),
        "remembered": remembered,
        "new_columns": queries.new_columns(found, remembered),
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
        {"choice": choice, "samples": found[choice.data["value"]]}
        for choice in form[name]
        if choice.data["value"] in found
    ]


@require_POST
@requires(*IMPORT_PERMISSIONS)
def layout(request: StaffRequest, number: str) -> HttpResponse:
    """Reads the headings of an uploaded file in another way."""
    found = find_import_file(request.user, number)
    if found.state == ImportState.MAPPING:
        form = LayoutForm(Layout(**found.layout), request.POST)
        if not form.is_valid():
            return columns_page(request, found, layout_form=form)
        try:
            actions.read_again(actor=request.user, import_file=found, layout=form.chosen())
        except Refused as refused:
            form.add_error(None, refused.message)
            return columns_page(request, found, layout_form=form)
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
            return columns_page(request, found, form)
        try:
            actions.check_import_file(
                actor=request.user,
                import_file=found,
                mapping=form.mapping(),
                options={**found.options, **form.options()},
                source=form.cleaned_data.get("source", ""),
            )
        except Refused as refused:
            if isinstance(refused, NotMapped):
                for place, column in enumerate(form.importer.columns):
                    if column.name in refused.columns:
                        form.add_error(f"value_{place}", _("Choose a column or enter a value."))
            else:
                show_refusal(form, refused)
            return columns_page(request, found, form)
        except Conflict as conflict:
            messages.warning(request, conflict.message)
    return _checked(found)


def _checked(found: ImportFile) -> HttpResponse:
    """Begins a check and returns to the file's page.

    A short file is checked at once; a long workbook takes long to unpack.
    """
    if not Layout(**found.layout).is_workbook or queries.content_size(found) <= SHORT_WORKBOOK:
        work_for_page(found, seconds=SLICE_SECONDS)
    if is_under_way(found.number):
        send_work_task(found.number)
    return redirect("imports:file", found.number)


@require_POST
@requires(*IMPORT_PERMISSIONS)
def choose(request: StaffRequest, number: str) -> HttpResponse:
    """Checks a file again with the answer to the question that its check has raised."""
    found = find_import_file(request.user, number)
    question = queries.question_of(found)
    if question is None:
        return redirect("imports:file", found.number)
    options = {question.option: request.POST.get(question.option, "")}
    try:
        actions.check_again(actor=request.user, import_file=found, options=options)
    except (Refused, Conflict) as refused:
        messages.warning(request, refused.message)
        return redirect("imports:file", found.number)
    return _checked(found)


@require_POST
@requires(*IMPORT_PERMISSIONS)
def columns(request: StaffRequest, number: str) -> HttpResponse:
    """Goes back to the choice of the columns."""
    _found, _done, back = change_import_file(request, number, actions.choose_columns_again)
    return back
