"""The Django app of the room; it puts up the signpost to its page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """The people who work here."""

    name = "officeflow.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Puts up the signpost."""
        from officeflow.staff.permissions import Permission
        from officeflow.ui.navigation import NavItem, register

        register(
            NavItem(
                wing="house",
                label=_("People"),
                url_name="staff:people",
                icon="people",
                permission=Permission.MANAGE_STAFF,
                prefix="/house/people/",
                order=10,
            )
        )
