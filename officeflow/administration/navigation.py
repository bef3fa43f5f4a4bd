"""The administration's links, checklist steps and navigation item."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.administration import checklist
from officeflow.permissions import Permission
from officeflow.staff.models import User
from officeflow.ui import administration
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.navigation import NavItem, register_nav_item


def _opens_technical_admin(user: User) -> bool:
    return user.is_staff


def register_all() -> None:
    """Registers them. Must run last, because the navigation item reads every link's permission."""
    register_admin_link(
        AdminLink(
            section="office",
            label=_("Office"),
            text=_("Name, address and contact on documents, time zone, currency, language."),
            url_name="company:settings",
            icon="building",
            permission=Permission.MANAGE_OFFICE,
            order=10,
        )
    )
    register_admin_link(
        AdminLink(
            section="office",
            label=_("Opening hours"),
            text=_("Opening hours of the week, and days on which the office is closed."),
            url_name="company:hours",
            icon="calendar",
            permission=Permission.MANAGE_OFFICE,
            order=20,
        )
    )
    register_admin_link(
        AdminLink(
            section="office",
            label=_("Sites"),
            text=_("The places where you serve customers."),
            url_name="company:sites",
            icon="location",
            permission=Permission.MANAGE_OFFICE,
            order=30,
        )
    )
    register_admin_link(
        AdminLink(
            section="technical",
            label=_("Technical admin"),
            text=_("Locked accounts and API tokens, for the person who runs the server."),
            url_name="admin:index",
            icon="lock",
            allowed_to=_opens_technical_admin,
        )
    )
    checklist.register_all()
    register_nav_item(
        NavItem(
            area="administration",
            label=_("Administration"),
            url_name="administration:index",
            icon="settings",
            permission=administration.permissions(),
            prefixes=("/administration/",),
            order=90,
        )
    )
