"""The set-up page, and the lookup of time zones."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET

from officeflow.administration import set_up_defaults, set_up_tokens
from officeflow.administration.actions import InvalidSetUpToken, NewOffice, set_up_with_token
from officeflow.administration.forms import HoursForm, RateFormSet, SetUpForm
from officeflow.company.actions import AlreadySetUp
from officeflow.company.queries import find_office
from officeflow.company.zones import search_zones, zone_label
from officeflow.errors import Refused
from officeflow.staff.rate_limit import RateLimit
from officeflow.ui.forms import show_refusal

LIMIT = RateLimit("set-up", limit=20, seconds=600)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password", "password_again")
@sensitive_variables("token")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Creates the owner's account and the office from one page."""
    if find_office() is not None:
        return render(
            request, "administration/set_up_link_expired.html", {"is_open": True}, status=410
        )
    if LIMIT.is_exceeded(request):
        return render(request, "staff/link_rate_limited.html", status=429)
    if not set_up_tokens.is_valid(token):
        LIMIT.count(request)
        return render(request, "administration/set_up_link_expired.html", status=404)
    if request.method != "POST":
        initial = set_up_defaults.for_office(request)
        form, hours = SetUpForm(initial=initial), HoursForm(initial=initial)
        return _page(
            request, form, hours, RateFormSet(initial=set_up_defaults.rates(), prefix="rates")
        )
    form, hours = SetUpForm(request.POST), HoursForm(request.POST)
    rates = RateFormSet(request.POST, prefix="rates")
    if all([form.is_valid(), hours.is_valid(), rates.is_valid()]):
        try:
            owner = set_up_with_token(
                token=token,
                owner=form.owner(),
                new=NewOffice(
                    settings=form.office(),
                    hours=hours.hours,
                    rates=rates.rates(),
                    prices_include_tax=form.cleaned_data["prices_include_tax"],
                ),
            )
        except (AlreadySetUp, InvalidSetUpToken):
            return render(
                request, "administration/set_up_link_expired.html", {"is_open": True}, status=410
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            login(request, owner, backend=BACKEND)
            return redirect("administration:index")
    return _page(request, form, hours, rates)


@require_GET
def zones(request: HttpRequest) -> JsonResponse:
    """Returns the time zones matching `q`. Needs no sign-in, because the set-up page uses it."""
    found = search_zones(request.GET.get("q", "")[:64])
    return JsonResponse({"results": [{"id": zone, "label": zone_label(zone)} for zone in found]})


def _page(request: HttpRequest, form: SetUpForm, hours: HoursForm, rates: object) -> HttpResponse:
    return render(
        request, "administration/set_up.html", {"form": form, "hours_form": hours, "rates": rates}
    )
