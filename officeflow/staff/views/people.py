"""The pages with which administrators manage people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from officeflow.errors import Conflict, Refused, StaleRecord
from officeflow.numbering import MOST_DIGITS
from officeflow.permissions import Department, Permission, Role
from officeflow.staff import actions, exports, held_work, queries, resets
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.forms import GrantForm, LossForm, NewPersonForm, PasswordForm, PersonForm
from officeflow.staff.held_work import GiveTo
from officeflow.staff.models import RoleGrant, User
from officeflow.staff.password_again import password_again
from officeflow.staff.passwords import pronounceable_password
from officeflow.ui import export
from officeflow.ui.edit_conflict import differences
from officeflow.ui.forms import show_refusal
from officeflow.ui.paging import page_of

MOST_LISTED = 20  # pieces of work of a department on a confirmation


@requires(Permission.MANAGE_STAFF)
def people(request: StaffRequest) -> HttpResponseBase:
    """Lists everybody with their roles, and open invitations; exports the list."""
    if kind := export.wanted(request):
        found = exports.rows()
        return export.respond(request, kind, name="people", columns=exports.PEOPLE, rows=found)
    context = {
        "page": page_of(request, queries.people(), order=queries.PEOPLE_ORDER, cursor="username"),
        "invitations": queries.pending_invitations()[:50],
    }
    return render(request, "staff/people.html", context)


@requires(Permission.MANAGE_STAFF)
@password_again
@sensitive_post_parameters("password")
@never_cache
def person_new(request: StaffRequest) -> HttpResponse:
    """Adds a person. A password that was made up is shown once."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        password = typed["password"] or pronounceable_password()
        try:
            user = actions.add_person(
                actor=request.user,
                username=typed["username"],
                full_name=typed["full_name"],
                email=typed["email"],
                password=password,
                roles=[Role(role) for role in typed["roles"]],
                must_change_password=True,
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if typed["password"]:
                done = _("%(name)s can sign in now.") % {"name": user}
                messages.success(request, f"{done} {_one_time_words(user)}")
                return redirect("staff:person", username=user.username)
            return _show_password(request, user, password)
    return render(request, "staff/person_new.html", {"form": form})


@requires(Permission.MANAGE_STAFF)
@password_again
def person(request: StaffRequest, username: str) -> HttpResponse:
    """Shows a person, and changes their name and e-mail address."""
    user = get_object_or_404(User, username=username)
    form = PersonForm(request.POST or None, initial=_values(user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(actor=request.user, user=user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        except StaleRecord as stale:
            context = differences(form, stale, _values)
            return _person_page(request, user, status=409, **context)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:person", username=username)
    return _person_page(request, user, form=form)


@require_POST
@requires(Permission.MANAGE_STAFF)
@password_again
def grant(request: StaffRequest, username: str) -> HttpResponse:
    """Grants a role, permanently or for a time."""
    user = get_object_or_404(User, username=username)
    form = GrantForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.grant_role(
                actor=request.user,
                user=user,
                role=Role(typed["role"]),
                valid_from=typed["valid_from"],
                valid_until=typed["valid_until"],
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The role is added."))
            return redirect("staff:person", username=username)
    return _person_page(request, user, grant_form=form)


@requires(Permission.MANAGE_STAFF)
def grant_end(request: StaffRequest, username: str) -> HttpResponse:
    """Ends a grant now, after a confirmation that lists the work that moves."""
    given = request.POST.get("grant", "") or request.GET.get("grant", "")
    of_person = RoleGrant.objects.filter(user__username=username).select_related("user")
    found = get_object_or_404(
        of_person, pk=int(given) if given.isdecimal() and len(given) <= MOST_DIGITS else 0
    )
    user = found.user
    departments = held_work.lost_departments(user, without=found)

    def end(give_to: GiveTo) -> str:
        moved = actions.end_grant(actor=request.user, grant=found, give_to=give_to)
        return f"{_('The role has ended.')} {_moved_words(moved)}".strip()

    return _lose(request, user, departments, end, template="staff/grant_end.html", grant=found)


@requires(Permission.MANAGE_STAFF)
def deactivate_person(request: StaffRequest, username: str) -> HttpResponse:
    """Deactivates an account, after a confirmation that lists the work that moves."""
    user = get_object_or_404(User, username=username)

    def deactivate(give_to: GiveTo) -> str:
        moved = actions.deactivate_person(actor=request.user, user=user, give_to=give_to)
        done = _("%(name)s is deactivated and signed out everywhere.") % {"name": user}
        return f"{done} {_moved_words(moved)}".strip()

    departments = held_work.lost_departments(user)
    return _lose(request, user, departments, deactivate, template="staff/deactivate.html")


@requires(Permission.MANAGE_STAFF)
@password_again
def reactivate_person(request: StaffRequest, username: str) -> HttpResponse:
    """Reactivates an account, after a confirmation."""
    user = get_object_or_404(User, username=username)
    address = reverse("staff:person", args=[username])
    if request.method != "POST":
        return render(request, "staff/reactivate.html", {"person": user, "cancel_url": address})
    try:
        actions.reactivate_person(actor=request.user, user=user)
    except Conflict as conflict:
        messages.error(request, conflict.message)
    else:
        messages.success(request, _("%(name)s can sign in again.") % {"name": user})
    return redirect(address)


@requires(Permission.MANAGE_STAFF)
@password_again
@sensitive_post_parameters("password")
@never_cache
def password_new(request: StaffRequest, username: str) -> HttpResponse:
    """Sets a new password for a person. A password that was made up is shown once."""
    user = get_object_or_404(User, username=username)
    if user == request.user:
        return redirect("staff:password-change")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["password"]
        password = typed or pronounceable_password()
        try:
            actions.give_password(actor=request.user, user=user, password=password)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            if not typed:
                return _show_password(request, user, password)
            done = _("The new password is set.")
            messages.success(request, f"{done} {_one_time_words(user)}")
            return redirect("staff:person", username=username)
    return render(request, "staff/password_new.html", {"form": form, "person": user})


@requires(Permission.MANAGE_STAFF)
@password_again
@never_cache
def reset_link(request: StaffRequest, username: str) -> HttpResponse:
    """Makes a link for a new password after a confirmation, and shows it once."""
    user = get_object_or_404(User, username=username)
    back = reverse("staff:person", args=[username])
    if request.method != "POST":
        return render(request, "staff/reset_link.html", {"person": user, "cancel_url": back})
    try:
        path = actions.create_reset_link(actor=request.user, user=user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(back)
    context = {
        "person": user,
        "link": request.build_absolute_uri(path),
        "until": resets.expires_at(),
    }
    return render(request, "staff/reset_link_shown.html", context)


def _show_password(request: StaffRequest, user: User, password: str) -> HttpResponse:
    context = {"person": user, "password": password, "words": _one_time_words(user)}
    return render(request, "staff/password_shown.html", context)


def _one_time_words(user: User) -> str:
    assert user.one_time_until is not None
    until = date_format(timezone.localtime(user.one_time_until), "DATETIME_FORMAT")
    return _(
        "It works until %(until)s or until they have chosen their own, and opens only the page for "
        "that."
    ) % {"until": until}


def _lose(
    request: StaffRequest,
    user: User,
    departments: list[Department],
    act: Callable[[GiveTo], str],
    *,
    template: str,
    **context: object,
) -> HttpResponse:
    """Asks for a confirmation with the work that `user` would lose, then calls `act`."""
    address = reverse("staff:person", args=[user.username])
    work = held_work.find_work(user, departments)
    with_work = [each for each in departments if any(w.department == each for w in work)]
    sent = request.POST if request.method == "POST" else None
    form = LossForm(sent, person=user, departments=with_work)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(form.give_to))
        except Conflict as conflict:
            messages.error(request, conflict.message)
            return redirect(address)
        except Refused as refused:
            if refused.field in form.fields:
                show_refusal(form, refused)
            else:
                messages.error(request, refused.message)
                return redirect(address)
        else:
            return redirect(address)
    context |= {"person": user, "form": form, "work": _grouped(work), "cancel_url": address}
    return render(request, template, context, status=422 if form.errors else 200)


def _grouped(work: list[held_work.HeldWork]) -> list[dict[str, object]]:
    """The work by department, each with its first pieces and the number of all in each state."""
    groups = []
    for department in dict.fromkeys(each.department for each in work):
        rows = [each for each in work if each.department == department]
        groups.append(
            {
                "department": department,
                "count": len(rows),
                "states": [(state, n) for state, n in Counter(r.state for r in rows).items()],
                "rows": [each for each in rows if each.number][:MOST_LISTED],
                "more": max(0, sum(bool(each.number) for each in rows) - MOST_LISTED),
            }
        )
    return groups


def _moved_words(moved: int) -> str:
    if not moved:
        return ""
    return ngettext(
        "%(n)d ticket was moved: it is in the queue or with the colleague you chose.",
        "%(n)d tickets were moved: they are in the queue or with the colleagues you chose.",
        moved,
    ) % {"n": moved}


def _values(user: User) -> dict[str, object]:
    return {
        "version": user.version,
        "full_name": user.full_name,
        "email": user.email,
    }


def _person_page(
    request: StaffRequest,
    user: User,
    *,
    form: PersonForm | None = None,
    grant_form: GrantForm | None = None,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    context |= {
        "person": user,
        "form": form or PersonForm(initial=_values(user)),
        "grant_form": grant_form or GrantForm(),
        "grants": queries.open_grants().filter(user=user).select_related("granted_by"),
        "ended": queries.ended_grants(user)[:20],
    }
    return render(request, "staff/person.html", context, status=status)
