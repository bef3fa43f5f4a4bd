"""The dashboards' navigation; a hand-off's page is one of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.handoff.queries import dead_count
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.staff.models import User
from officeflow.ui.navigation import NavItem, register_nav_item


def _dead_count(user: User) -> int:
    return dead_count()


def register_all() -> None:
    """Registers them."""
    register_record_kind(
        RecordKind(
            code="handoff",
            label=_("Hand-offs"),
            url_name="dashboards:handoff",
            url_argument="pk",
            permission=Permission.VIEW_DASHBOARDS,
        )
    )
    register_nav_item(
        NavItem(
            area="dashboards",
            label=_("Hand-offs"),
            url_name="dashboards:handoffs",
            icon="handoff",
            permission=Permission.VIEW_DASHBOARDS,
            order=10,
            count=_dead_count,
            shortcut="h",
            prefixes=("/dashboards/",),
        )
    )
    register_nav_item(
        NavItem(
            area="dashboards",
            label=_("Trade"),
            url_name="dashboards:trade",
            icon="chart",
            permission=Permission.VIEW_TRADE,
            order=20,
            shortcut="s",
        )
    )
