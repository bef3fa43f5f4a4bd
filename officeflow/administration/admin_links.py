"""The house's own cards on the administration's index."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.ui.administration import AdminLink, register_admin_link


def _technical(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)


def pin_up() -> None:
    """Registers the cards of the office itself and of the technical rest."""
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
            text=_("The week, and the days on which the office is closed."),
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
            text=_("Where the office has a counter."),
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
            text=_("Locked doors and API tokens, for whoever looks after the machine."),
            url_name="admin:index",
            icon="lock",
            allowed_to=_technical,
        )
    )
