"""The pages of sign-in and sign-out, the home page, and changing one's password."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from officeflow.staff import actions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import OwnPasswordForm, SignInForm
from officeflow.staff.home_urls import home_url
from officeflow.staff.preserved_post import (
    ask_to_sign_in,
    offer_resubmit,
    preserve_post,
    read_preserved,
)


class SignIn(LoginView):
    """The sign-in page, which also preserves a form that was sent after the session ended."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Offers to send a preserved form when the person has signed in in another window."""
        preserved = read_preserved(request.POST.get("preserved", ""))
        if preserved is not None and request.user.is_authenticated:
            return offer_resubmit(request, preserved)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signs the person in, and redirects them or offers to send their preserved form."""
        response = super().form_valid(form)
        preserved = read_preserved(self.request.POST.get("preserved", ""))
        return response if preserved is None else offer_resubmit(self.request, preserved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keeps the preserved form when the password was wrong."""
        preserved = self.request.POST.get("preserved", "")
        return super().get_context_data(
            preserved=preserved if read_preserved(preserved) else "", **kwargs
        )


def form_key_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a failed CSRF check, mostly of a form from before the person signed in again.

    A form of our own origin is preserved and can be sent again; others get the 403 page.
    """
    own_origin = f"{request.scheme}://{request.get_host()}"
    preserved = preserve_post(request) if request.headers.get("Origin") == own_origin else None
    if preserved is None:
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, preserved)
    return offer_resubmit(request, preserved, status=HTTPStatus.FORBIDDEN)


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session."""
    logout(request)
    return render(request, "registration/logged_out.html")


@requires()
def home(request: StaffRequest) -> HttpResponse:
    """Redirects to the home page of the person's role; without a role shows whom to ask."""
    url = home_url(request.user)
    return redirect(url) if url else render(request, "staff/no_role.html")


@requires()
@sensitive_post_parameters()
def password_change(request: StaffRequest) -> HttpResponse:
    """Changes the person's own password; all other sessions and API tokens end."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        actions.change_password(actor=user, user=user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        return redirect("staff:password-changed")
    return render(request, "registration/password_change_form.html", {"form": form})


@requires()
def password_changed(request: HttpRequest) -> HttpResponse:
    """Confirms the new password."""
    return render(request, "registration/password_change_done.html")
