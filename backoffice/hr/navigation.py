"""Registers HR's record kinds and navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.ui.navigation import NavItem, register_nav_item


def register_all() -> None:
    """Registers HR's record kinds and navigation."""
    register_record_kind(
        RecordKind(
            code="commission",
            label=_("Commissions"),
            url_name="hr:commissions",
            url_argument="",
            permission=Permission.VIEW_COMMISSIONS,
        )
    )
    register_record_kind(
        RecordKind(
            code="commission_rate",
            label=_("Commission rates"),
            url_name="hr:commission-rates",
            url_argument="",
            permission=Permission.VIEW_COMMISSIONS,
        )
    )
    register_record_kind(RecordKind(code="conduct_case", label=_("Conduct cases")))
    register_nav_item(
        NavItem(
            area="backoffice",
            label=_("Commissions"),
            url_name="hr:commissions",
            icon="commission",
            permission=Permission.VIEW_COMMISSIONS,
            order=70,
            prefixes=("/office/hr/commissions/",),
        )
    )
    register_nav_item(
        NavItem(
            area="you",
            label=_("My commissions"),
            url_name="hr:my-commissions",
            icon="commission",
            order=20,
        )
    )
