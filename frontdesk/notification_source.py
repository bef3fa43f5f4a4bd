"""Registers the front desk's notifications as a source of the menu and the list."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from frontdesk.complaints.models import Complaint
from frontdesk.notifications.actions import mark_desk_notifications_read
from frontdesk.notifications.models import DeskNotification, DeskNotificationKind
from frontdesk.notifications.queries import unread
from frontdesk.orders.models import Order
from officeflow.notifications.sources import Row, Source, register_source
from officeflow.permissions import Permission
from officeflow.staff.models import User

CODE = "desk"
Kind = DeskNotificationKind
ICONS = {
    Kind.ASKED: "question",
    Kind.READY: "hand-over",
    Kind.ANSWERED: "message",
    Kind.REFUND_DUE: "cash",
    Kind.REOPENED: "undo",
    Kind.TAKEN_BACK: "undo",
    Kind.RUSH_ACCEPTED: "check",
    Kind.RUSH_REFUSED: "cross",
}


def sentence(notification: DeskNotification) -> str:
    """Returns one sentence about what happened, for the notified person."""
    kind = Kind(notification.kind)
    if notification.withdrawn_at is not None and kind in (Kind.READY, Kind.ANSWERED):
        return {
            Kind.READY: _("The goods were ready, but are no longer"),
            Kind.ANSWERED: _("The complaint you logged was answered; the answer was taken back"),
        }[kind]
    return {
        Kind.ASKED: _("%(name)s asks a question"),
        Kind.READY: _("The goods are ready"),
        Kind.ANSWERED: _("The complaint you logged was answered. Tell the customer"),
        Kind.REFUND_DUE: _("A refund is due"),
        Kind.REOPENED: _("The goods are not ready after all. %(name)s took them back into work"),
        Kind.TAKEN_BACK: _("The complaint’s answer was taken back. Do not tell the customer yet"),
        Kind.RUSH_ACCEPTED: _("%(name)s accepted the rush"),
        Kind.RUSH_REFUSED: _("%(name)s refused the rush"),
    }[kind] % {"name": notification.by_name}


def rows(user: User, wanted: Q, limit: int) -> list[Row]:
    """Returns a person's notifications that match, latest first, each with its customer."""
    found = list(
        DeskNotification.objects.visible_to(user).filter(wanted).order_by("-at", "-pk")[:limit]
    )
    names = _customers({each.subject for each in found})
    return [
        Row(
            source=CODE,
            pk=each.pk,
            at=each.at,
            sentence=sentence(each),
            icon=ICONS[Kind(each.kind)],
            url=_url(each),
            number=each.subject,
            title=names.get(each.subject) or _("Walk-in"),
            is_unread=each.read_at is None,
        )
        for each in found
    ]


def _customers(numbers: set[str]) -> dict[str, str]:
    """Returns the customers' names of orders and complaints, by number."""
    return {
        number: name
        for model in (Order, Complaint)
        for number, name in model.objects.filter(
            number__in=numbers, customer__isnull=False
        ).values_list("number", "customer__name")
    }


def _url(notification: DeskNotification) -> str:
    if notification.ticket:
        return reverse("frontdesk:question-answer", args=[notification.ticket])
    kind = "order" if notification.subject.startswith("SO-") else "complaint"
    return reverse(f"frontdesk:{kind}", args=[notification.subject])


def register_all() -> None:
    """Registers the source."""
    register_source(
        Source(
            code=CODE,
            permission=Permission.VIEW_DESK,
            unread=unread,
            rows=rows,
            mark_read=lambda user: mark_desk_notifications_read(actor=user),
        )
    )
