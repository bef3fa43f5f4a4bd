"""The record kinds, navigation item and administration links of mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.mail.queries import count_recent_failures, visible_messages
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.staff.models import User
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.navigation import NavItem, register_nav_item


def _failed_count(user: User) -> int | None:
    return count_recent_failures(user) or None


def register_all() -> None:
    """Registers them."""
    register_record_kind(
        RecordKind(
            code="message",
            label=_("Messages"),
            prefix="MS",
            url_name="mail:message",
            permission=(Permission.VIEW_DESK, Permission.MANAGE_STAFF),
            visible=visible_messages,
        )
    )
    register_record_kind(
        RecordKind(
            code="message_text",
            label=_("Message texts"),
            url_name="mail:wording",
            url_argument="event",
            permission=Permission.MANAGE_OFFICE,
        )
    )
    register_nav_item(
        NavItem(
            area="frontdesk",
            label=_("Messages"),
            url_name="mail:mailbox",
            icon="mail",
            permission=Permission.VIEW_DESK,
            order=50,
            count=_failed_count,
            prefixes=("/desk/messages/",),
            shortcut="e",
        )
    )
    register_admin_link(
        AdminLink(
            section="messages",
            label=_("Message texts"),
            text=_("Which messages are sent by e-mail, and their texts."),
            url_name="mail:wordings",
            icon="mail",
            permission=Permission.MANAGE_OFFICE,
            order=10,
        )
    )
    register_admin_link(
        AdminLink(
            section="messages",
            label=_("Messages to colleagues"),
            text=_("Invitations and password links that were sent."),
            url_name="mail:mailbox",
            icon="message",
            permission=Permission.MANAGE_STAFF,
            order=20,
        )
    )
