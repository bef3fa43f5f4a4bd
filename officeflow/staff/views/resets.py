"""The pages of a forgotten password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from officeflow.errors import Refused
from officeflow.mail_mode import has_mail_server
from officeflow.staff import actions, resets
from officeflow.staff.addresses import public_link
from officeflow.staff.callers import counted_address
from officeflow.staff.forms import ForgottenPasswordForm, NewPasswordForm
from officeflow.staff.link_messages import password_forgotten
from officeflow.staff.models import User
from officeflow.staff.rate_limit import RateLimit
from officeflow.text import name_key
from officeflow.ui.forms import show_refusal

# By address too, so that nobody elsewhere can use up what a person may ask for.
RESETS_FOR_PERSON_FROM_ADDRESS = RateLimit("reset-for", limit=3, seconds=3600)
RESETS_FOR_PERSON = RateLimit("reset-for-anywhere", limit=20, seconds=3600)
RESETS_FROM_ADDRESS = RateLimit("reset-by", limit=20, seconds=3600)
WRONG_LINKS = RateLimit("reset", limit=20, seconds=600)


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Has a reset link sent to the people with this e-mail address or user name.

    The answer and the work for it are the same whether there are any, so that neither its text nor
    its time tells anything about accounts.
    """
    if not has_mail_server():
        return render(request, "registration/ask_administrator.html")
    form = ForgottenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who = name_key(form.cleaned_data["who"])
        limits = (
            (RESETS_FOR_PERSON_FROM_ADDRESS, f"{who} {counted_address(request)}"),
            (RESETS_FOR_PERSON, who),
            (RESETS_FROM_ADDRESS, ""),
        )
        if any(limit.is_exceeded(request, whose) for limit, whose in limits):
            return render(request, "registration/reset_limited.html", status=429)
        within = [limit.count(request, whose) for limit, whose in limits]
        if not all(within):
            return render(request, "registration/reset_limited.html", status=429)
        password_forgotten.send(
            sender=User,
            who=form.cleaned_data["who"],
            office_address=public_link(request, "/").rstrip("/"),
        )
        return render(request, "registration/reset_sent.html")
    return render(request, "registration/forgotten.html", {"form": form})


@never_cache
@sensitive_post_parameters("password", "password_again")
@sensitive_variables("token")
def reset(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """Sets a new password with a reset link."""
    user = resets.user_of_link(who)
    if user is None or not resets.is_valid(user, token):
        # A right link always works: colleagues share an address with whoever guesses.
        if WRONG_LINKS.is_exceeded(request):
            return render(request, "staff/link_rate_limited.html", status=429)
        WRONG_LINKS.count(request)
        return render(request, "staff/link_expired.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reset_password(
                actor=None, user=user, token=token, password=form.cleaned_data["password"]
            )
        except Refused as refused:
            show_refusal(form, refused)
        except actions.ResetLinkExpired:
            return render(request, "staff/link_expired.html", status=410)
        else:
            messages.success(request, _("Your new password is saved. Sign in with it."))
            return redirect("staff:sign-in")
    return render(request, "registration/reset.html", {"form": form, "person": user})
