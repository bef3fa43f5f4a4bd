"""Signing in and out, where one lands, and one's own password."""

from __future__ import annotations

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from officeflow.staff import actions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.landing import landing_address


class SignIn(LoginView):
    """The door. Too many failures by one name from one address close it for a while."""

    redirect_authenticated_user = True


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session and says so."""
    logout(request)
    return render(request, "registration/logged_out.html")


@requires()
def landing(request: StaffRequest) -> HttpResponse:
    """Sends each person to their own page; somebody without a role is told whom to ask."""
    address = landing_address(request.user)
    return redirect(address) if address else render(request, "staff/no_role.html")


@requires()
@sensitive_post_parameters()
def password_change(request: StaffRequest) -> HttpResponse:
    """One's own password. This session goes on; every other session and token ends."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        actions.change_password(actor=user, user=user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        return redirect("staff:password-changed")
    return render(request, "registration/password_change_form.html", {"form": form})


@requires()
def password_changed(request: HttpRequest) -> HttpResponse:
    """Says that the new password holds."""
    return render(request, "registration/password_change_done.html")
