"""The administration pages of payment methods."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontdesk.payments.actions.methods import add_method, change_method
from frontdesk.payments.forms import MethodDetailsForm, NewMethodForm, method_form_values
from frontdesk.payments.models.methods import MethodKind
from frontdesk.payments.queries.methods import payment_methods
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@requires(Permission.MANAGE_OFFICE)
def methods(request: StaffRequest) -> HttpResponse:
    """Lists all payment methods, and adds one."""
    form = NewMethodForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                method = add_method(
                    actor=request.user,
                    code=data["code"],
                    label=data["label"],
                    kind=MethodKind(data["kind"]),
                )
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("%(name)s is added.") % {"name": method})
                return redirect("frontdesk:methods")
    context = {"methods": payment_methods(), "form": form}
    return render(request, "frontdesk/payment_methods/list.html", context, status=status)


@get_or_post
@requires(Permission.MANAGE_OFFICE)
def method(request: StaffRequest, code: str) -> HttpResponse:
    """Changes a payment method."""
    found = get_object_or_404(payment_methods(), code=code)
    form = MethodDetailsForm(request.POST or None, initial=method_form_values(found))
    context: dict[str, object] = {"form": form, "method": found}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            # The form shows the translated name: unless it was changed, the stored name stays.
            label = found.label if data["label"] == found.title else data["label"]
            try:
                change_method(
                    actor=request.user,
                    method=found,
                    version=data["version"] or 0,
                    label=label,
                    position=data["position"],
                    is_active=data["is_active"],
                )
            except Refused as refused:
                show_refusal(form, refused)
            except StaleRecord as stale:
                context |= differences(form, stale, method_form_values)
                status = 409
            else:
                messages.success(request, _("Saved."))
                return redirect("frontdesk:methods")
    return render(request, "frontdesk/payment_methods/edit.html", context, status=status)
