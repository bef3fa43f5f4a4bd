"""Telling people what a colleague did to their sign-in, and HR who can read its cases."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.contrib.auth import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officeflow.permissions import Permission
from officeflow.staff.models import AccountNotice, User

# In the session: there are notices that the person has not confirmed.
UNCONFIRMED = "unconfirmed_notices"


class HrAccess(StrEnum):
    """A way in which somebody comes to read HR's cases."""

    ROLE = "role"
    SIGN_IN = "password"
    EMAIL = "email"
    SECOND_FACTOR = "factor"
    REACTIVATED = "active"


WAYS = {
    AccountNotice.Kind.RESET_LINK: HrAccess.SIGN_IN,
    AccountNotice.Kind.PASSWORD: HrAccess.SIGN_IN,
    AccountNotice.Kind.SECOND_FACTOR: HrAccess.SECOND_FACTOR,
    AccountNotice.Kind.EMAIL: HrAccess.EMAIL,
    AccountNotice.Kind.REACTIVATED: HrAccess.REACTIVATED,
}

# Sent with `person`, `actor` and `way`, an `HrAccess`. HR is notified by the app that has its
# notifications.
hr_access_given = Signal()
# Sent with a `notice` and the e-mail `address` to which its person is written.
owner_told = Signal()


def tell_owner(*, user: User, kind: AccountNotice.Kind, actor: User | None) -> None:
    """Tells a person what `actor` did to their sign-in: by e-mail, and until they confirm it.

    Call it before an e-mail address changes, so that the message goes to the old one. HR is
    notified too when the person holds its role, now or later, also with a deactivated account.
    """
    notice = AccountNotice.objects.create(user=user, kind=kind, by=actor, at=timezone.now())
    owner_told.send(sender=User, notice=notice, address=user.email)
    if User.objects.will_hold(user, Permission.VIEW_HR):
        hr_access_given.send(sender=User, person=user, actor=actor, way=WAYS[kind])


def sentence(notice: AccountNotice) -> str:
    """Returns what happened in one sentence."""
    return _("%(name)s %(did)s (%(when)s).") % {
        "name": notice.by or _("The operator of the server"),
        "did": notice.get_kind_display(),
        "when": date_format(timezone.localtime(notice.at), "DATETIME_FORMAT"),
    }


@receiver(user_logged_in, dispatch_uid="staff.show_notices")
def show_notices(*, request: HttpRequest | None, user: User, **signal: Any) -> None:
    """Shows on every page that there are notices to confirm; a sign-in to the API shows none."""
    if request is not None and "_auth_user_id" in getattr(request, "session", ()):
        note_unconfirmed(request, user)


def note_unconfirmed(request: HttpRequest, user: User) -> None:
    """Stores in the session whether there are notices to confirm."""
    if user.notices.filter(seen_at__isnull=True).exists():
        request.session[UNCONFIRMED] = True
    else:
        request.session.pop(UNCONFIRMED, None)
