"""Telling people what a colleague did to their sign-in, and HR who can read its cases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officeflow.permissions import Permission
from officeflow.staff.models import AccountNotice, User

# Sent with `person`, `actor` and `is_role`, when a colleague gives a person the HR role, or can
# sign in as one who has it. HR is notified by the app that has its notifications.
hr_access_given = Signal()


def tell_owner(*, user: User, kind: AccountNotice.Kind, actor: User | None) -> None:
    """Tells a person at their next sign-in what `actor` did.

    HR is notified too when `actor` can sign in as a person of HR; a removed second factor alone
    does not allow that.
    """
    AccountNotice.objects.create(user=user, kind=kind, by=actor, at=timezone.now())
    if actor is None or kind == AccountNotice.Kind.SECOND_FACTOR:
        return
    if User.objects.holding(Permission.VIEW_HR).filter(pk=user.pk).exists():
        hr_access_given.send(sender=User, person=user, actor=actor, is_role=False)


def sentence(notice: AccountNotice) -> str:
    """Returns what happened in one sentence."""
    return _("%(name)s %(did)s (%(when)s).") % {
        "name": notice.by or _("The operator of the server"),
        "did": notice.get_kind_display(),
        "when": date_format(timezone.localtime(notice.at), "DATETIME_FORMAT"),
    }


@receiver(user_logged_in, dispatch_uid="staff.show_notices")
def show_notices(*, request: HttpRequest | None, user: User, **signal: Any) -> None:
    """Shows the notices that the person has not seen, after they signed in to the pages."""
    if request is None or not hasattr(request, "_messages"):
        return
    unseen = list(user.notices.filter(seen_at__isnull=True).select_related("by").order_by("at"))
    advice = _("If you do not know why, ask them, and change your password.")
    for notice in unseen:
        messages.warning(request, f"{sentence(notice)} {advice}")
    if unseen:
        user.notices.filter(pk__in=[each.pk for each in unseen]).update(seen_at=timezone.now())
