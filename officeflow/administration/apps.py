"""The Django app of the house's own rooms; it puts up the signposts and the cards."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """Administration: the index of every setting, and the office's own pages.

    It stands last among the installed apps, when all others have pinned up their cards.
    """

    name = "officeflow.administration"
    label = "administration"
    verbose_name = _("House")

    def ready(self) -> None:
        """Pins up the house's own cards, then the signpost to the index."""
        from officeflow.administration import checklist, staff_mail
        from officeflow.administration.admin_links import pin_up
        from officeflow.ui import administration, search
        from officeflow.ui.navigation import NavItem, register_nav_item, register_search

        register_search("search", search.permissions())
        staff_mail.take_on()
        pin_up()
        checklist.register_all()
        register_nav_item(
            NavItem(
                area="administration",
                label=_("Administration"),
                url_name="administration:index",
                icon="settings",
                permission=administration.permissions(),
                prefix="/administration/",
                order=90,
            )
        )
