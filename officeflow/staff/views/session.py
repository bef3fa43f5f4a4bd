"""The pages of sign-in and sign-out, the home page, and changing one's password."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from officeflow.errors import Refused
from officeflow.staff import actions, sessions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import OwnPasswordForm, SignInForm
from officeflow.staff.home_urls import home_url
from officeflow.staff.unsent_forms import ask_to_sign_in, keep_sent_form
from officeflow.ui.next_page import next_page


class SignIn(LoginView):
    """The sign-in page."""

    authentication_form = SignInForm
    redirect_authenticated_user = True


def form_key_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a failed CSRF check, mostly of a form from before somebody signed in again.

    A form of our own origin is kept for its author, who can send it again; nobody else sees it.
    """
    own_origin = f"{request.scheme}://{request.get_host()}"
    kept = keep_sent_form(request) if request.headers.get("Origin") == own_origin else None
    if kept is None:
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, kept)
    if kept.author == request.user:
        return redirect(kept.address)
    return render(request, "403_other_author.html", {"kept": kept}, status=HTTPStatus.FORBIDDEN)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Sends to the sign-in page; who is signed in already may not open the technical admin."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session."""
    logout(request)
    response = render(request, "registration/logged_out.html")
    # What the browser kept of the office's pages goes too, as the next person may use it.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@requires()
def home(request: StaffRequest) -> HttpResponse:
    """Redirects to the home page of the person's role; without a role shows whom to ask."""
    url = home_url(request.user)
    return redirect(url) if url else render(request, "staff/no_role.html")


@requires()
@never_cache
@sensitive_post_parameters()
def password_change(request: StaffRequest) -> HttpResponse:
    """Changes the person's own password; all other sessions and API tokens end."""
    form = OwnPasswordForm(request, request.POST or None)
    after = next_page(request)
    if request.method == "POST" and form.is_valid():
        user = request.user
        password = form.cleaned_data["new_password1"]
        try:
            actions.change_password(actor=user, user=user, password=password)
        except Refused as refused:
            form.add_error("new_password1", refused.message)
        else:
            update_session_auth_hash(request, user)
            sessions.remember_key(request, user)
            sessions.password_entered(request)
            return redirect(f"{reverse('staff:password-changed')}?{urlencode({'next': after})}")
    context = {"form": form, "next": after}
    return render(request, "registration/password_change_form.html", context)


@requires()
def password_changed(request: HttpRequest) -> HttpResponse:
    """Confirms the new password."""
    context = {"next": next_page(request)}
    return render(request, "registration/password_change_done.html", context)
