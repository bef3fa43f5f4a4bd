"""The Django app of the house's own rooms; it puts up the signposts and the cards."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _technical(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)


class HouseConfig(AppConfig):
    """Administration: the index of every setting, and the office's own pages.

    It stands last among the installed apps, when all others have pinned up their cards.
    """

    name = "officeflow.house"
    label = "house"
    verbose_name = _("House")

    def ready(self) -> None:
        """Pins up the house's own cards, then the signpost to the index."""
        from officeflow.staff.permissions import Permission
        from officeflow.ui import administration
        from officeflow.ui.administration import Card, register_card
        from officeflow.ui.navigation import NavItem, register

        register_card(
            Card(
                section="office",
                label=_("Office"),
                text=_("Name, address and contact on documents, time zone, currency, language."),
                url_name="company:settings",
                icon="building",
                permission=Permission.MANAGE_OFFICE,
                order=10,
            )
        )
        register_card(
            Card(
                section="technical",
                label=_("Technical admin"),
                text=_("Locked doors and API tokens, for whoever looks after the machine."),
                url_name="admin:index",
                icon="lock",
                allowed_to=_technical,
            )
        )
        register(
            NavItem(
                wing="house",
                label=_("Administration"),
                url_name="house:index",
                icon="settings",
                permission=administration.permissions(),
                prefix="/house/",
                order=90,
            )
        )
