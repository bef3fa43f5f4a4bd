"""The record kind and the navigation item of imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.imports.queries import import_files_for
from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.ui.navigation import NavItem, register_nav_item

# Listed here, because importers are registered after the navigation.
IMPORT_PERMISSIONS = (
    Permission.IMPORT_ORDERS,
    Permission.IMPORT_CUSTOMERS,
    Permission.IMPORT_PRODUCTS,
)


def register_all() -> None:
    """Registers them."""
    register_record_kind(
        RecordKind(
            code="import",
            label=_("Imported files"),
            prefix="IN",
            url_name="imports:file",
            permission=IMPORT_PERMISSIONS,
            visible=import_files_for,
        )
    )
    register_nav_item(
        NavItem(
            area="administration",
            label=_("Import a file"),
            url_name="imports:files",
            icon="external",
            permission=IMPORT_PERMISSIONS,
            prefixes=("/imports/",),
            order=60,
        )
    )
