"""The administration as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """The administration's index and the pages of the office's settings.

    Must be the last installed app, because its navigation needs the links of all others.
    """

    name = "officeflow.administration"
    label = "administration"
    verbose_name = _("Administration")

    def ready(self) -> None:
        """Registers links and navigation items."""
        from officeflow.administration import navigation

        navigation.register_all()
