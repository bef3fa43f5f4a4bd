"""The signpost to the room, for everybody who may read in at least one kind of file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.ui.navigation import NavItem, register

# Importers register after the signposts do, so the permissions are named here once more.
READERS = (Permission.IMPORT_ORDERS, Permission.IMPORT_CUSTOMERS, Permission.IMPORT_PRODUCTS)


def put_up() -> None:
    """Puts the signpost up."""
    register(
        NavItem(
            area="administration",
            label=_("Import a file"),
            url_name="imports:files",
            icon="external",
            permission=READERS,
            prefix="/imports/",
            order=60,
        )
    )
