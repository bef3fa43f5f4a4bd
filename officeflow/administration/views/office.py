"""The page of the office's settings."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from officeflow.administration.forms import OfficeForm
from officeflow.company import actions
from officeflow.company.models import Office
from officeflow.company.queries import get_office
from officeflow.company.signals import reason_to_keep_currency
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.password_again import password_again
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal


@requires(Permission.MANAGE_OFFICE)
@password_again
def settings(request: StaffRequest) -> HttpResponse:
    """Shows and changes the office's settings."""
    office = get_office()
    form = OfficeForm(request.POST or None, initial=_values(office))
    context = {"form": form, "currency_stays": reason_to_keep_currency()}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_office(
                actor=request.user,
                version=form.cleaned_data["version"],
                wanted=form.wanted(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context |= differences(form, stale, _values)
            return render(request, "company/settings.html", context, status=409)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("company:settings")
    return render(request, "company/settings.html", context)


def _values(office: Office) -> dict[str, object]:
    return {"version": office.version, **asdict(actions.settings_of(office))}
