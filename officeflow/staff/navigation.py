"""The record kinds, search provider, administration link and navigation item of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from officeflow.permissions import Permission
from officeflow.records import RecordKind, register_record_kind
from officeflow.staff.search import find_person_hits
from officeflow.ui.administration import AdminLink, register_admin_link
from officeflow.ui.navigation import NavItem, register_nav_item
from officeflow.ui.search import register_search_provider


def register_all() -> None:
    """Registers them."""
    register_record_kind(
        RecordKind(
            code="staff",
            label=_("People"),
            url_name="staff:person",
            url_argument="username",
            permission=Permission.MANAGE_STAFF,
        )
    )
    register_search_provider("staff", find_person_hits, icon="people", order=80)
    register_record_kind(RecordKind(code="invitation", label=_("Invitations")))
    register_admin_link(
        AdminLink(
            section="people",
            label=_("People and roles"),
            text=_("The people of the office, their roles and invitations."),
            url_name="staff:people",
            icon="people",
            permission=Permission.MANAGE_STAFF,
            order=10,
        )
    )
    register_nav_item(
        NavItem(
            area="administration",
            label=_("People"),
            url_name="staff:people",
            icon="people",
            permission=Permission.MANAGE_STAFF,
            prefixes=("/administration/new-person/", "/administration/invite/"),
            order=10,
        )
    )
