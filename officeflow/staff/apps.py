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
        from officeflow.permissions import Permission
        from officeflow.ui.administration import Card, register_card
        from officeflow.ui.navigation import NavItem, register

        register_card(
            Card(
                section="people",
                label=_("People and roles"),
                text=_("Who works here, what they may do, and until when."),
                url_name="staff:people",
                icon="people",
                permission=Permission.MANAGE_STAFF,
                order=10,
            )
        )

        register(
            NavItem(
                area="administration",
                label=_("People"),
                url_name="staff:people",
                icon="people",
                permission=Permission.MANAGE_STAFF,
                prefix="/administration/people/",
                order=10,
            )
        )
