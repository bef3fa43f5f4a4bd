"""The pages of opening hours and closures."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officeflow.administration.forms import ClosureForm, HoursForm
from officeflow.company import actions
from officeflow.company.models import Closure
from officeflow.company.queries import get_office, office_date
from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@requires(Permission.MANAGE_OFFICE)
def hours(request: StaffRequest) -> HttpResponse:
    """Shows and changes the opening hours, and lists the closures ahead."""
    if request.method != "POST":
        return _page(request)
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        actions.set_opening_hours(
            actor=request.user, hours=form.hours, calendar=form.cleaned_data["calendar"]
        )
    except StaleRecord as stale:
        office = get_office()
        compared = differences(
            form,
            stale,
            lambda hours: {
                **dict.fromkeys(form.fields),
                **HoursForm.values(hours),
                "calendar": office.calendar,
            },
            version="calendar",
        )
        return _page(request, form=compared["form"], status=409, stale=compared["stale"])
    messages.success(request, _("The opening hours are saved."))
    return redirect("company:hours")


@require_POST
@requires(Permission.MANAGE_OFFICE)
def closure_add(request: StaffRequest) -> HttpResponse:
    """Adds a day on which the office is closed."""
    form = ClosureForm(request.POST)
    if form.is_valid():
        try:
            actions.add_closure(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The closed day is added."))
            return redirect("company:hours")
    return _page(request, closure_form=form)


@require_POST
@requires(Permission.MANAGE_OFFICE)
def closure_remove(request: StaffRequest) -> HttpResponse:
    """Removes a day from the closures."""
    try:
        day: date | None = parse_date(request.POST.get("closed_date", ""))
    except ValueError:  # a date that does not exist, such as 31 April
        day = None
    try:
        actions.remove_closure(actor=request.user, closed_date=day or date.min)
    except Conflict as conflict:
        messages.error(request, conflict.message)
    else:
        messages.success(request, _("The closed day is removed."))
    return redirect("company:hours")


def _page(
    request: StaffRequest,
    *,
    form: HoursForm | None = None,
    closure_form: ClosureForm | None = None,
    status: int = 200,
    stale: object = None,
) -> HttpResponse:
    office = get_office()
    if form is None:
        current = HoursForm.values(actions.hours_of_week())
        form = HoursForm(initial={"calendar": office.calendar, **current})
    context = {
        "hours_form": form,
        "closure_form": closure_form or ClosureForm(),
        "closures": Closure.objects.filter(date__gte=office_date(office=office))[:60],
        "stale": stale,
    }
    return render(request, "administration/hours.html", context, status=status)
