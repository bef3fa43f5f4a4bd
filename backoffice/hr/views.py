"""HR's pages: everybody's commissions, the user's own, and the rates.

Conduct cases are shown on their tickets' pages.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backoffice.hr import queries
from backoffice.hr.actions import set_commission_rate
from backoffice.hr.exports import COMMISSIONS
from backoffice.hr.forms import CommissionRateForm
from backoffice.hr.models import CommissionQuerySet
from officeflow.company.queries import office_date
from officeflow.errors import Refused
from officeflow.limits import FIRST_DAY, LAST_DAY
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui import export
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of
from officeflow.ui.query_parameters import leave_out_value, query_parameter

COMMISSION_ORDER = ["-earned_date", "-id"]


@requires(Permission.VIEW_COMMISSIONS)
def commissions(request: StaffRequest) -> HttpResponseBase:
    """Lists a month's commissions of everybody, with sums by person, or of one person."""
    month = _month(request)
    everybody = queries.commissions_in(month)
    rows, person = everybody, None
    if username := request.GET.get("person", ""):
        person = get_object_or_404(User, username=username)
        rows = everybody.of(person)
    if kind := export.wanted(request):
        found = export.in_chunks(rows, COMMISSION_ORDER)
        return export.respond(
            request,
            kind,
            name="commissions",
            columns=COMMISSIONS,
            rows=found,
            plain=("month", "person"),
            is_hr=True,
        )
    return render(
        request,
        "backoffice/hr/commissions.html",
        {
            "page": page_of(request, rows, order=COMMISSION_ORDER, cursor="handoff_id"),
            "people": queries.earnings_by_person(everybody),
            "sums": queries.earnings(everybody),
            "person": person,
            **_month_context("hr:commissions", month, queries.all_commissions(person), username),
        },
    )


@requires()
def my_commissions(request: StaffRequest) -> HttpResponseBase:
    """Lists the user's own commissions of a month."""
    month = _month(request)
    rows = queries.commissions_of(request.user, month)
    if kind := export.wanted(request):
        found = export.in_chunks(rows.select_related("salesperson"), COMMISSION_ORDER)
        return export.respond(
            request,
            kind,
            name="my-commissions",
            columns=COMMISSIONS,
            rows=found,
            plain=("month",),
            is_hr=True,
        )
    return render(
        request,
        "backoffice/hr/my_commissions.html",
        {
            "page": page_of(request, rows, order=COMMISSION_ORDER, cursor="handoff_id"),
            "sums": queries.earnings(rows),
            **_month_context("hr:my-commissions", month, queries.all_commissions(request.user)),
        },
    )


@requires(Permission.VIEW_COMMISSIONS)
def commission_rates(request: StaffRequest) -> HttpResponse:
    """Lists all commission rates, past and future."""
    return render(
        request,
        "backoffice/hr/commission_rates.html",
        {
            "rates": queries.commission_rates(),
            "today": office_date(),
            "may_change": request.user.may(Permission.WORK_HR),
        },
    )


@requires(Permission.WORK_HR)
def commission_rate_new(request: StaffRequest) -> HttpResponse:
    """Sets a commission rate from a day on."""
    form = CommissionRateForm(request.POST or None, initial={"valid_from_date": office_date()})
    if request.method == "POST" and form.is_valid():
        try:
            set_commission_rate(
                actor=request.user,
                user=form.cleaned_data["user"],
                rate=form.rate,
                valid_from_date=form.cleaned_data["valid_from_date"],
            )
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The rate is saved."))
            return redirect("hr:commission-rates")
    status = 422 if form.errors else 200
    return render(request, "backoffice/hr/commission_rate_new.html", {"form": form}, status=status)


def _month(request: StaffRequest) -> date:
    """Returns the first day of the month in the address, or of this month."""
    typed = query_parameter(request, "month")
    if not typed:
        return office_date().replace(day=1)
    try:
        year, month = typed.split("-")
        first: date | None = date(int(year), int(month), 1)
    except ValueError:
        first = None
    if first is None or not FIRST_DAY <= first <= LAST_DAY:
        leave_out_value(request, typed)
        return office_date().replace(day=1)
    return first


def _month_context(
    name: str, month: date, rows: CommissionQuerySet, person: str = ""
) -> dict[str, Any]:
    """Returns the month with the addresses of the nearest months with commissions.

    The later one may be this month. Months without commissions are skipped, because imported
    orders may be years old.
    """

    def address(first: date) -> str:
        query = {"month": f"{first:%Y-%m}", **({"person": person} if person else {})}
        return f"{reverse(name)}?{urlencode(query)}"

    earlier, later = queries.neighbouring_months(rows, month)
    this_month = office_date().replace(day=1)
    if later is None and month < this_month:
        later = this_month
    return {
        "month": month,
        "earlier_url": address(earlier) if earlier else "",
        "later_url": address(later) if later else "",
    }
