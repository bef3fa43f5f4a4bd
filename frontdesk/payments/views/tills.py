"""The till: a day's takings by method and person, and the count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontdesk.payments.actions.tills import count_till, first_day_to_count
from frontdesk.payments.forms import TillForm
from frontdesk.payments.models.tills import TillCount
from frontdesk.payments.queries.takings import (
    counts_on,
    day_takings,
    drawer,
)
from frontdesk.payments.views.payments import takings_owner
from officeflow.company.models import Office, Site
from officeflow.company.queries import get_office, office_date
from officeflow.company.working_site import active_sites, remember_site, working_site
from officeflow.errors import Conflict, Refused
from officeflow.limits import FIRST_DAY, LAST_DAY
from officeflow.money import format_money
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.forms import show_refusal
from officeflow.ui.query_parameters import day_parameter

SEE_TILL = (Permission.COUNT_TILL, Permission.VIEW_TAKINGS)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Http404
    return day


def _is_day(text: str) -> bool:
    try:
        _day(text)
    except Http404:
        return False
    return True


@require_safe
@requires(*SEE_TILL)
def till_today(request: StaffRequest) -> HttpResponse:
    """Shows today's till, or redirects to the chosen day (`?day=`)."""
    if day := day_parameter(request, "day"):
        return redirect("frontdesk:till", day=day.isoformat())
    office = get_office()
    return _show(request, office, office_date(office=office))


@require_safe
@requires(*SEE_TILL)
def till(request: StaffRequest, day: str) -> HttpResponse:
    """Shows a day's takings: the user's own, or everybody's with the permission."""
    return _show(request, get_office(), _day(day))


def _site_of_page(request: StaffRequest) -> tuple[Site, bool]:
    """Returns the site whose drawer is on the page, and whether this browser works at another."""
    code = request.POST.get("site") or request.GET.get("site")
    works_at = working_site(request)
    site = get_object_or_404(Site, code=code) if code else works_at
    return site, site != works_at


def _show(request: StaffRequest, office: Office, day: date) -> HttpResponse:
    today = office_date(office=office)
    of = takings_owner(request.user)
    site, is_other_site = _site_of_page(request)
    sites = active_sites()
    counts = counts_on(site, day)
    latest = counts[0] if counts else None
    now = drawer(office, site, day)
    context = {
        "drawer": now,
        "takings": day_takings(office, day, of=of, site=site),
        "site": site,
        "sites": sites if len(sites) > 1 else [],
        "is_other_site": is_other_site,
        "own": of is not None,
        "currency": office.currency,
        "today": today,
        "is_today": day == today,
        "previous": day - timedelta(days=1) if day > FIRST_DAY else None,
        "next": day + timedelta(days=1) if day < today else None,
        "count": latest,
        "earlier": counts[1:],
        "moved_since": now.expected - latest.expected if latest else None,
        "may_count": request.user.may(Permission.COUNT_TILL)
        and first_day_to_count(office) <= day <= today,
    }
    return render(request, "frontdesk/payments/till.html", context)


@require_POST
@requires(*SEE_TILL)
def till_site(request: StaffRequest) -> HttpResponse:
    """Chooses the site at which this browser works, and shows its till."""
    day = request.POST.get("day", "")
    response = (
        redirect("frontdesk:till", day=day) if _is_day(day) else redirect("frontdesk:till-today")
    )
    site = Site.objects.filter(code=request.POST.get("site", ""), is_active=True).first()
    if site is None:
        messages.warning(request, _("This site is no longer in use. Choose another one."))
    else:
        remember_site(response, site)
        messages.success(request, _("This browser now works at %(site)s.") % {"site": site.name})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.COUNT_TILL)
def till_count(request: StaffRequest, day: str) -> HttpResponse:
    """Saves a count of the till, or a correction on a day that was counted."""
    office, on = get_office(), _day(day)
    if not first_day_to_count(office) <= on <= office_date(office=office):
        raise Http404
    site, is_other_site = _site_of_page(request)
    till_url = reverse("frontdesk:till", args=[on.isoformat()])
    if is_other_site:
        till_url += "?" + urlencode({"site": site.code})
    counts = counts_on(site, on)
    latest = counts[0] if counts else None
    now = drawer(office, site, on)
    initial = {
        "site": site.code,
        "corrects": latest.number if latest else "",
        "opening_float": max(now.opening_float, now.least_float),
    }
    form = TillForm(request.POST or None, currency=office.currency, initial=initial)
    typed = _float_in((request.POST or request.GET).get("opening_float", ""), form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count = _count(request, office, site, on, counts, form)
            except Refused as refused:
                show_refusal(form, refused)
            except Conflict as conflict:
                messages.warning(request, conflict.message)
                return redirect(till_url)
            else:
                messages.success(request, _count_message(count))
                return redirect(till_url)
    context = {
        "form": form,
        "day": on,
        "site": site if len(active_sites()) > 1 else None,
        "currency": office.currency,
        "latest": latest,
        "drawer": now if typed is None else replace(now, opening_float=typed),
        "cancel_url": till_url,
    }
    return render(request, "frontdesk/payments/count.html", context, status=status)


def _float_in(text: str, form: TillForm) -> Decimal | None:
    """Returns the opening float that is being typed; None for no amount."""
    try:
        amount: Decimal | None = form.fields["opening_float"].clean(text)
    except ValidationError:
        return None
    return amount


def _count(
    request: StaffRequest,
    office: Office,
    site: Site,
    day: date,
    counts: list[TillCount],
    form: TillForm,
) -> TillCount:
    data = form.cleaned_data
    known = {count.number: count for count in counts}
    outcome = form.run_once(
        actor=request.user,
        endpoint="desk.till-count",
        body={
            "day": day.isoformat(),
            "site": site.code,
            "corrects": data["corrects"],
            "opening_float": str(data["opening_float"].normalize()),
            "counted": str(data["counted"].normalize()),
        },
        effect=lambda: {
            "number": count_till(
                actor=request.user,
                office=office,
                site=site,
                day=day,
                opening_float=data["opening_float"],
                counted=data["counted"],
                note=data["note"],
                corrects=known.get(data["corrects"]),
            ).number
        },
        reused=_(
            "You have already saved a different count from this page. Check it, then try again."
        ),
    )
    return TillCount.objects.get(number=outcome.result["number"])


def _count_message(count: TillCount) -> str:
    if not count.difference:
        return _("The count is saved. The drawer is correct.")
    amount = format_money(abs(count.difference), count.currency)
    if count.difference < 0:
        return _("The count is saved. %(amount)s is missing.") % {"amount": amount}
    return _("The count is saved. The drawer has %(amount)s too much.") % {"amount": amount}
