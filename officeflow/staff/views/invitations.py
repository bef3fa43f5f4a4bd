"""Inviting colleagues, and accepting an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from officeflow.errors import Conflict, Refused
from officeflow.mail_mode import has_mail_server
from officeflow.permissions import Permission, Role
from officeflow.staff import actions, link_messages
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import AcceptForm, InvitationForm
from officeflow.staff.models import Invitation
from officeflow.staff.password_again import password_again
from officeflow.staff.queries import find_invitation, propose_username
from officeflow.staff.rate_limit import RateLimit
from officeflow.text import name_key
from officeflow.ui.forms import show_refusal

LIMIT = RateLimit("invitation", limit=20, seconds=600)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@requires(Permission.MANAGE_STAFF)
@password_again
@never_cache
def invite(request: StaffRequest) -> HttpResponse:
    """Invites a person. The link is shown once, and sent when there is an address."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            issued = actions.invite(
                actor=request.user,
                full_name=typed["full_name"],
                email=typed["email"],
                roles=[Role(role) for role in typed["roles"]],
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return _show_link(request, issued)
    context = {"form": form, "mail_is_on": has_mail_server()}
    return render(request, "staff/invite.html", context)


@require_POST
@requires(Permission.MANAGE_STAFF)
@password_again
@never_cache
def invite_again(request: StaffRequest, code: str) -> HttpResponse:
    """Makes a new link for an invitation; the former link no longer works."""
    invitation = get_object_or_404(Invitation, code=code)
    try:
        issued = actions.invite_again(actor=request.user, invitation=invitation)
    except Conflict as conflict:
        messages.error(request, conflict.message)
        return redirect("staff:people")
    return _show_link(request, issued)


@require_POST
@requires(Permission.MANAGE_STAFF)
def revoke(request: StaffRequest, code: str) -> HttpResponse:
    """Withdraws an invitation."""
    invitation = get_object_or_404(Invitation, code=code)
    try:
        actions.revoke_invitation(actor=request.user, invitation=invitation)
    except Conflict as conflict:
        messages.error(request, conflict.message)
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("staff:people")


@never_cache
@sensitive_post_parameters("password", "password_again")
@sensitive_variables("token")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Creates the account of an invited person and signs them in."""
    invitation = find_invitation(token)
    if invitation is None:
        # A right link always works: colleagues share an address with whoever guesses.
        if LIMIT.is_exceeded(request):
            return render(request, "staff/link_rate_limited.html", status=429)
        LIMIT.count(request)
        return render(request, "staff/link_expired.html", {"is_invitation": True}, status=404)
    initial = {
        "full_name": invitation.full_name,
        "username": propose_username(name_key(invitation.full_name)),
    }
    form = AcceptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            user = actions.accept_invitation(
                token=token,
                username=typed["username"],
                full_name=typed["full_name"],
                password=typed["password"],
            )
        except Refused as refused:
            show_refusal(form, refused)
        except Conflict:
            return render(request, "staff/link_expired.html", {"is_invitation": True}, status=410)
        else:
            login(request, user, backend=BACKEND)
            return redirect("staff:home")
    return render(request, "staff/accept.html", {"form": form, "invitation": invitation})


def _show_link(request: StaffRequest, issued: actions.IssuedInvitation) -> HttpResponse:
    invitation = issued.invitation
    link = request.build_absolute_uri(reverse("staff:accept", args=[issued.token]))
    message = link_messages.LinkMessage(
        event="staff_invitation",
        to_address=invitation.email,
        to_name=invitation.full_name,
        link=link,
        until_at=invitation.expires_at,
    )
    context = {
        "invitation": invitation,
        "link": link,
        "is_sent": link_messages.send(message, actor=request.user),
    }
    return render(request, "staff/invitation_shown.html", context)
