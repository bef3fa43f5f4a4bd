"""The steps of the set-up checklist that concern the office, its catalogue and its people."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.catalogue.models import Product
from officeflow.company.models import OpeningHours
from officeflow.company.queries import find_office
from officeflow.permissions import Permission, Role
from officeflow.staff.models import RoleGrant, User
from officeflow.staff.queries import pending_invitations
from officeflow.ui.checklist import ChecklistStep, register_checklist_step


def _has_colleagues() -> bool:
    return User.objects.filter(is_active=True).count() > 1 or pending_invitations().exists()


def _unassigned_roles() -> list[str]:
    """Returns the labels of the roles that nobody holds today or is invited to."""
    held = set(
        RoleGrant.objects.valid().filter(user__is_active=True).values_list("role", flat=True)
    )
    for roles in pending_invitations().values_list("roles", flat=True):
        held |= set(roles)
    return [str(role.label) for role in Role if role.value not in held]


def _missing_roles() -> str:
    missing = _unassigned_roles()
    if not missing:
        return ""
    return _("Nobody has the role %(roles)s yet. One person can have several roles.") % {
        "roles": ", ".join(missing)
    }


def _has_contact() -> bool:
    office = find_office()
    return bool(
        office and office.main_site.address and (office.phone or office.email) and office.tax_number
    )


def _missing_contact() -> str:
    office = find_office()
    if office is None:
        return ""
    missing = [
        name
        for name, value in (
            (_("address"), office.main_site.address),
            (_("phone or e-mail"), office.phone or office.email),
            (_("tax number"), office.tax_number),
        )
        if not value
    ]
    return _("Missing on invoices: %(what)s.") % {"what": ", ".join(missing)}


def _has_backup() -> bool:
    folder = settings.VAR_DIR / "backups"
    return folder.is_dir() and any(folder.iterdir())


def register_all() -> None:
    """Registers the steps of the checklist."""
    register_checklist_step(
        ChecklistStep(
            key="contact",
            label=gettext_lazy("Letterhead"),
            todo=gettext_lazy("Address, contact and tax number are shown on every invoice."),
            detail=_missing_contact,
            url_name="company:settings",
            permission=Permission.MANAGE_OFFICE,
            is_done=_has_contact,
            order=10,
        )
    )
    register_checklist_step(
        ChecklistStep(
            key="hours",
            label=gettext_lazy("Opening hours"),
            todo=gettext_lazy(
                "Deadlines count opening hours only. Without opening hours they run day and night."
            ),
            url_name="company:hours",
            permission=Permission.MANAGE_OFFICE,
            is_done=lambda: OpeningHours.objects.exists(),
            order=20,
        )
    )
    register_checklist_step(
        ChecklistStep(
            key="products",
            label=gettext_lazy("Products"),
            todo=gettext_lazy("Add what you sell, or import it from a file."),
            url_name="catalogue:products",
            permission=Permission.MANAGE_CATALOGUE,
            is_done=lambda: Product.objects.active().exists(),
            order=30,
        )
    )
    register_checklist_step(
        ChecklistStep(
            key="staff",
            label=gettext_lazy("Colleagues"),
            todo=gettext_lazy("Invite your colleagues. Each of them gets a link."),
            url_name="staff:invite",
            permission=Permission.MANAGE_STAFF,
            is_done=_has_colleagues,
            order=40,
        )
    )
    register_checklist_step(
        ChecklistStep(
            key="roles",
            label=gettext_lazy("Roles"),
            todo=gettext_lazy("Give every role to at least one person."),
            detail=_missing_roles,
            url_name="staff:people",
            permission=Permission.MANAGE_STAFF,
            is_done=lambda: not _unassigned_roles(),
            order=50,
        )
    )
    if not settings.PRODUCTION:  # on a server the operator makes the backups
        register_checklist_step(
            ChecklistStep(
                key="backup",
                label=gettext_lazy("A first backup"),
                todo=gettext_lazy("Run this in the terminal: make backup"),
                is_done=_has_backup,
                order=90,
            )
        )
