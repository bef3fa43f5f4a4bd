"""Signing in and out, the home page, and one's own password."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from officeflow.staff import actions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.home_urls import home_url
from officeflow.staff.preserved_post import (
    ask_to_sign_in,
    offer_resubmit,
    preserve_post,
    read_preserved,
)


class SignIn(LoginView):
    """The sign-in page. Too many failures by one name from one address lock it for a while.

    A form that was sent after its session had ended waits here until somebody has signed in.
    """

    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever signed in meanwhile in another window goes on with what is preserved."""
        preserved = read_preserved(request.POST.get("preserved", ""))
        if preserved is not None and request.user.is_authenticated:
            return offer_resubmit(request, preserved)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signs the person in, and sends them where they wanted or back to their form."""
        answer = super().form_valid(form)
        preserved = read_preserved(self.request.POST.get("preserved", ""))
        return answer if preserved is None else offer_resubmit(self.request, preserved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is preserved stays through a mistyped password."""
        preserved = self.request.POST.get("preserved", "")
        return super().get_context_data(
            preserved=preserved if read_preserved(preserved) else "", **kwargs
        )


def form_key_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose key is not this session's: mostly somebody has signed in anew meanwhile.

    What came from our own pages is preserved and sent again when its person says so; what came from
    elsewhere is refused.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    preserved = preserve_post(request) if request.headers.get("Origin") == ours else None
    if preserved is None:
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, preserved)
    return offer_resubmit(request, preserved, status=HTTPStatus.FORBIDDEN)


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session and says so."""
    logout(request)
    return render(request, "registration/logged_out.html")


@requires()
def home(request: StaffRequest) -> HttpResponse:
    """Sends each person to their own page; somebody without a role is told whom to ask."""
    address = home_url(request.user)
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
