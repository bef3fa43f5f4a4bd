"""The audit trail's navigation item, and the record kinds that belong to no other app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.ui.navigation import NavItem, register_nav_item


def register_all() -> None:
    """Registers them."""
    register_record_kind(RecordKind(code="list", label=_("Exports")))
    register_record_kind(RecordKind(code="backup", label=_("Backups")))
    register_nav_item(
        NavItem(
            area="administration",
            label=_("Audit trail"),
            url_name="audit:trail",
            icon="clock",
            permission=(Permission.VIEW_AUDIT, Permission.VIEW_HR),
            order=80,
        )
    )
