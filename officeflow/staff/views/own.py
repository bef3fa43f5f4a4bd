"""A person's own settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from knox.models import AuthToken

from officeflow.errors import Refused
from officeflow.numbering import MOST_DIGITS
from officeflow.staff import actions, sessions
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import OwnSettingsForm
from officeflow.staff.models import UserSession
from officeflow.staff.notices import note_unconfirmed, sentence
from officeflow.ui.forms import show_refusal

MOST_NOTICES = 50


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


@requires()
def own_sessions(request: StaffRequest) -> HttpResponse:
    """Lists where the person is signed in, and what colleagues did to their sign-in."""
    note_unconfirmed(request, request.user)
    notices = list(request.user.notices.select_related("by")[:MOST_NOTICES])
    context = {
        "sessions": sessions.open_sessions(request.user, this=request.session.session_key or ""),
        "notices": [(sentence(each), each.seen_at is None) for each in notices],
        "last": notices[0].pk if notices else None,
    }
    return render(request, "staff/sessions.html", context)


@require_POST
@requires()
def notices_confirm(request: StaffRequest) -> HttpResponse:
    """Confirms what colleagues did to the person's sign-in, as far as the page showed it."""
    actions.confirm_notices(actor=request.user, last=_number(request.POST.get("last", "")))
    note_unconfirmed(request, request.user)
    return redirect("staff:sessions")


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else 0


@require_POST
@requires()
def sessions_end(request: StaffRequest) -> HttpResponse:
    """Ends one of the person's sessions, or all except this one."""
    wanted = UserSession.objects.exclude(session_key=request.session.session_key)
    given = request.POST.get("session", "")
    if given:
        wanted = wanted.filter(pk=_number(given))
    ended = actions.end_sessions(actor=request.user, sessions=wanted)
    if ended:
        words = ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", ended)
        messages.success(request, words % {"n": ended})
    else:
        messages.info(request, _("This session has already ended."))
    return redirect("staff:sessions")


@require_POST
@requires()
def token_end(request: StaffRequest, key: str) -> HttpResponse:
    """Ends one of the person's own API tokens."""
    token = get_object_or_404(AuthToken, user=request.user, token_key=key)
    actions.end_token(actor=request.user, token=token)
    messages.success(request, _("The token is revoked."))
    return redirect("staff:own")
