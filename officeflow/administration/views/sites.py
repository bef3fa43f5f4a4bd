"""The pages of sites."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from officeflow.administration.forms.sites import NewSiteForm, SiteForm
from officeflow.company import actions
from officeflow.company.models import Site
from officeflow.company.queries import get_office
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@requires(Permission.MANAGE_OFFICE)
def sites(request: StaffRequest) -> HttpResponse:
    """Lists the sites and adds one."""
    form = NewSiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_site(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The site is added."))
            return redirect("company:sites")
    context = {"form": form, "sites": Site.objects.order_by("code"), "main": get_office().main_site}
    return render(request, "administration/sites.html", context)


@requires(Permission.MANAGE_OFFICE)
def site(request: StaffRequest, code: str) -> HttpResponse:
    """Shows and changes one site."""
    found = get_object_or_404(Site, code=code)
    form = SiteForm(request.POST or None, initial=_values(found))
    context: dict[str, object] = {"form": form, "site": found}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_site(actor=request.user, site=found, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, _values)
            return render(request, "administration/site.html", context, status=409)
        else:
            messages.success(request, _("Saved."))
            return redirect("company:sites")
    return render(request, "administration/site.html", context)


def _values(found: Site) -> dict[str, object]:
    return {
        "version": found.version,
        "name": found.name,
        "address": found.address,
        "is_active": found.is_active,
    }
