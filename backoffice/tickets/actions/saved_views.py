"""Saving, changing and removing a queue's views."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from backoffice.tickets.models import SavedView
from officeflow.audit.actions import record
from officeflow.audit.models import Realm
from officeflow.errors import Refused, StaleRecord
from officeflow.permissions import Department, direct_permission, view_permission
from officeflow.staff.models import User

NAME_LENGTH = 40
QUERY_LENGTH = 500
MAX_VIEWS = 20


class ViewRefused(Refused):
    """The view has no usable name, or the person has too many views."""


@transaction.atomic
def save_view(
    *,
    actor: User,
    department: Department,
    name: str,
    query: str,
    is_shared: bool = False,
    is_default: bool = False,
) -> SavedView:
    """Saves filters as a view, or replaces those of the actor's view with that name.

    Only the department's leaders may share a view. Raises `ViewRefused`, `PermissionDenied`.
    """
    _check(actor, department, is_shared)
    name = _name(name)
    if len(query) > QUERY_LENGTH:
        raise ViewRefused(_("These filters are too long to save. Remove one of them."))
    own = SavedView.objects.filter(owner=actor, department=department, is_active=True)
    found = own.select_for_update().filter(name=name).first()
    if found is None and own.count() >= MAX_VIEWS:
        raise ViewRefused(_("You have too many views. Remove one first."))
    view = found or SavedView(
        owner=actor, department=department, name=name, key=get_random_string(10), version=0
    )
    view.query, view.is_shared, view.is_default = query, is_shared, is_default
    view.version += 1
    if is_default:
        _clear_default(view)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:  # saved at the same time in another window or by another manager
        raise ViewRefused(_("Another view was saved at the same moment. Try again.")) from None
    _audit(actor, view, "save_view")
    return view


@transaction.atomic
def change_view(
    *,
    actor: User,
    view: SavedView,
    version: int,
    name: str,
    is_default: bool,
    is_shared: bool | None = None,
) -> SavedView:
    """Changes a view's name, whether it is shared, and whether the queue opens with it.

    `is_shared` None changes nothing. Raises `StaleRecord` when `version` is no longer current,
    `ViewRefused`, `PermissionDenied`.
    """
    _check_own(actor, view)
    now = SavedView.objects.select_for_update().get(pk=view.pk)
    if not now.is_active or now.version != version:
        raise StaleRecord(now, "" if now.is_active else _("This view has been removed."))
    shared = now.is_shared if is_shared is None else is_shared
    if shared != now.is_shared:
        _check(actor, Department(now.department), True)
    was_shared = now.is_shared
    now.name, now.is_default, now.is_shared = _name(name), is_default, shared
    now.version += 1
    if is_default:
        _clear_default(now)
    try:
        with transaction.atomic():
            now.save()
    except IntegrityError:
        raise ViewRefused(
            _("There is already a view with this name. Choose another name."), "name"
        ) from None
    _audit(actor, now, "change_view", was_shared=was_shared or shared)
    return now


@transaction.atomic
def make_default(*, actor: User, view: SavedView) -> SavedView:
    """Makes the queue open with this view. Raises `PermissionDenied`."""
    _check_own(actor, view)
    _clear_default(view)
    SavedView.objects.filter(pk=view.pk).update(is_default=True, version=F("version") + 1)
    _audit(actor, view, "make_view_default")
    return view


@transaction.atomic
def remove_view(*, actor: User, view: SavedView) -> None:
    """Deactivates a view. Raises `PermissionDenied`."""
    _check_own(actor, view)
    SavedView.objects.filter(pk=view.pk, is_active=True).update(
        is_active=False, is_default=False, version=F("version") + 1
    )
    _audit(actor, view, "remove_view")


def may_change(user: User, view: SavedView) -> bool:
    """Returns whether the user may change the view: its owner, or a leader if it is shared."""
    if view.is_shared:
        return user.may(direct_permission(Department(view.department)))
    return view.owner_id == user.pk


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise ViewRefused(_("Enter a name for the view."), "name")
    if len(name) > NAME_LENGTH:
        raise ViewRefused(
            _("The name is too long. Use at most %(count)d characters.") % {"count": NAME_LENGTH},
            "name",
        )
    return name


def _check(actor: User, department: Department, is_shared: bool) -> None:
    if not actor.may(view_permission(department)):
        raise PermissionDenied
    if is_shared and not actor.may(direct_permission(department)):
        raise PermissionDenied


def _check_own(actor: User, view: SavedView) -> None:
    if not may_change(actor, view):
        raise PermissionDenied


def _clear_default(view: SavedView) -> None:
    others = SavedView.objects.filter(
        department=view.department, is_shared=view.is_shared, is_default=True
    )
    if not view.is_shared:
        others = others.filter(owner=view.owner)
    others.exclude(pk=view.pk).update(is_default=False)


def _audit(actor: User, view: SavedView, action: str, *, was_shared: bool = False) -> None:
    """Writes an audit entry for a shared view; a person's own views are not audited."""
    if view.is_shared or was_shared:
        record(
            actor=actor,
            action=action,
            subject_kind="view",
            subject=view.key,
            changes={"name": (None, view.name), "department": (None, view.department)},
            realm=Realm.HR if view.department == Department.HR else Realm.OFFICE,
        )
