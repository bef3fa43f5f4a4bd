"""The Django app of the room; it puts up the signpost to its page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompanyConfig(AppConfig):
    """The office itself."""

    name = "officeflow.company"
    label = "company"
    verbose_name = _("Company")

    def ready(self) -> None:
        """Puts up the signpost."""
        from officeflow.ui.navigation import NavItem, register

        # By its text: the office stands below the people and does not know their roles.
        register(
            NavItem(
                wing="house",
                label=_("Settings"),
                url_name="company:settings",
                icon="settings",
                permission="manage:office",
                prefix="/house/settings/",
                order=90,
            )
        )
