"""A person's own settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from knox.models import AuthToken

from officeflow.errors import Refused
from officeflow.staff import actions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import OwnSettingsForm
from officeflow.ui.forms import show_refusal


@requires()
def own(request: StaffRequest) -> HttpResponse:
    """Shows a person's own settings and API tokens, and changes their language."""
    form = OwnSettingsForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_language(actor=request.user, language=form.cleaned_data["language"])
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:own")
    tokens = AuthToken.objects.filter(user=request.user, expiry__gt=timezone.now())
    return render(request, "staff/own.html", {"form": form, "tokens": tokens.order_by("-created")})


@require_POST
@requires()
def token_end(request: StaffRequest, key: str) -> HttpResponse:
    """Ends one of the person's own API tokens."""
    token = get_object_or_404(AuthToken, user=request.user, token_key=key)
    actions.end_token(token=token)
    messages.success(request, _("The token is revoked."))
    return redirect("staff:own")
