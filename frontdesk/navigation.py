"""The desk's signposts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from frontdesk.queries import search
from frontdesk.queries.desk import needs_counts
from officeflow.staff.permissions import Permission
from officeflow.ui.administration import Card, register_card
from officeflow.ui.navigation import NavItem, register


def waiting(user: Any) -> int:
    """How many things need somebody at the desk: one query over indexes."""
    return sum(needs_counts())


def put_up() -> None:
    """Registers the signposts and what the search box finds of the desk's."""
    desk = Permission.VIEW_DESK
    register(
        NavItem(
            wing="frontdesk",
            label=_("Counter"),
            url_name="frontdesk:counter",
            icon="counter",
            permission=desk,
            order=10,
            count=waiting,
            shortcut="d",
        )
    )
    register(
        NavItem(
            wing="frontdesk",
            label=_("Orders"),
            url_name="frontdesk:orders",
            icon="order",
            permission=desk,
            order=20,
            shortcut="o",
        )
    )
    register(
        NavItem(
            wing="frontdesk",
            label=_("Complaints"),
            url_name="frontdesk:complaints",
            icon="complaint",
            permission=desk,
            order=30,
            shortcut="k",
        )
    )
    register(
        NavItem(
            wing="frontdesk",
            label=_("Customers"),
            url_name="frontdesk:customers",
            icon="customer",
            permission=desk,
            order=40,
            shortcut="u",
        )
    )
    register_card(
        Card(
            section="desk",
            label=_("Complaint routes"),
            text=_("Which department answers which kind of complaint."),
            url_name="frontdesk:complaint-routes",
            icon="complaint",
            permission=Permission.MANAGE_OFFICE,
            order=10,
        )
    )
    search.register()
