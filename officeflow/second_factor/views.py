"""The pages of the second factor."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from officeflow.errors import Conflict, Refused
from officeflow.permissions import Permission
from officeflow.second_factor import actions, codes, queries, sessions
from officeflow.second_factor.forms import CodeForm, SetUpForm
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import PasswordAgainForm
from officeflow.staff.models import User
from officeflow.staff.password_again import password_again
from officeflow.ui.forms import show_refusal
from officeflow.ui.next_page import next_page

SALT = "officeflow.second_factor.enrolment"
ENROLMENT_SECONDS = 3600


@never_cache
@requires()
@sensitive_post_parameters("code")
def code(request: StaffRequest) -> HttpResponse:
    """Asks for the code after the password."""
    form = CodeForm(request.POST or None)
    after = next_page(request)
    if request.session.get(sessions.MISSING) != sessions.CODE:
        return redirect(after)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.use_code(actor=request.user, code=form.cleaned_data["code"])
            except Refused as refused:
                show_refusal(form, refused)
            except actions.FactorChanged as changed:
                return _sign_in_again(request, changed)
            else:
                sessions.complete(request, request.user)
                return redirect(after)
    context = {"form": form, "next": after}
    return render(request, "second_factor/code.html", context, status=status)


@never_cache
@requires()
@sensitive_post_parameters("code", "password", "enrolment")
def set_up(request: StaffRequest) -> HttpResponse:
    """Shows a new key as QR code and text, and sets it up with a code; shows recovery codes once.

    Replaces an earlier factor.
    """
    form = SetUpForm(request, request.POST or None)
    key = _key_of(request) or codes.new_key()
    is_forced = request.session.get(sessions.MISSING) == sessions.SET_UP
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if _key_of(request) is None:
                    raise Refused(_("This page is too old. Scan the new code."), "code")
                made = actions.add_second_factor(
                    actor=request.user,
                    key=key,
                    code=form.cleaned_data["code"],
                    session_key=request.session.session_key or "",
                    replaces=not is_forced,
                )
            except Refused as refused:
                show_refusal(form, refused)
            except actions.FactorChanged as changed:
                return _sign_in_again(request, changed)
            else:
                sessions.complete(request, request.user)
                return _codes_page(request, made, next_page(request))
    office = request.office.name if request.office else "OfficeFlow"
    context = {
        "form": form,
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        "picture": _qr(codes.key_address(key, request.user.username, office)),
        "enrolment": signing.dumps([request.user.pk, key], salt=SALT),
        "is_forced": is_forced,
        "replaces": queries.factor_of(request.user) is not None,
        "next": next_page(request),
    }
    return render(request, "second_factor/set_up.html", context, status=status)


def _sign_in_again(request: StaffRequest, changed: actions.FactorChanged) -> HttpResponse:
    logout(request)
    messages.warning(request, changed.message)
    return redirect("staff:sign-in")


def _key_of(request: StaffRequest) -> str | None:
    try:
        user_id, key = signing.loads(
            request.POST.get("enrolment", ""), salt=SALT, max_age=ENROLMENT_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(key) if user_id == request.user.pk else None


def _qr(address: str) -> str:
    drawing = segno.make(address, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff"
    )
    return mark_safe(drawing)  # noqa: S308 (segno's own SVG)


def _codes_page(request: StaffRequest, made: list[str], after: str) -> HttpResponse:
    return render(request, "second_factor/codes.html", {"codes": made, "next": after})


@never_cache
@requires()
@sensitive_post_parameters("password")
def renew(request: StaffRequest) -> HttpResponse:
    """Replaces the recovery codes; shows the new ones once."""
    return _with_password(request, "second_factor/renew.html", _renew)


def _renew(request: StaffRequest) -> HttpResponse:
    made = actions.renew_recovery_codes(actor=request.user)
    return _codes_page(request, made, reverse("staff:own"))


@never_cache
@requires()
@sensitive_post_parameters("password")
def remove(request: StaffRequest) -> HttpResponse:
    """Removes the person's own second factor."""
    return _with_password(request, "second_factor/remove.html", _remove)


def _remove(request: StaffRequest) -> HttpResponse:
    actions.remove_second_factor(actor=request.user)
    messages.success(request, _("Your second factor is removed."))
    return redirect("staff:own")


def _with_password(
    request: StaffRequest, template: str, act: Callable[[StaffRequest], HttpResponse]
) -> HttpResponse:
    form = PasswordAgainForm(request, request.POST or None)
    if queries.factor_of(request.user) is None:
        return redirect("staff:own")
    if request.method == "POST" and form.is_valid():
        try:
            return act(request)
        except Conflict as conflict:
            messages.warning(request, conflict.message)
            return redirect("staff:own")
    context = {"form": form, "cancel_url": reverse("staff:own")}
    return render(request, template, context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_STAFF)
@password_again
def reset(request: StaffRequest, username: str) -> HttpResponse:
    """Removes a colleague's second factor, after a confirmation."""
    person = get_object_or_404(User, username=username)
    if request.method != "POST":
        context = {"person": person, "cancel_url": reverse("staff:person", args=[username])}
        return render(request, "second_factor/reset.html", context)
    try:
        actions.reset_second_factor(actor=request.user, user=person)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        messages.success(
            request,
            _("The second factor is removed. %(name)s is told.") % {"name": person},
        )
    return redirect("staff:person", username=username)
