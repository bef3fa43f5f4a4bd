"""The administration as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """The index of every setting, and the office's own pages.

    It stands last among the installed apps, when all others have registered their links.
    """

    name = "officeflow.administration"
    label = "administration"
    verbose_name = _("Administration")

    def ready(self) -> None:
        """Registers navigation."""
        from officeflow.administration import navigation

        navigation.register_all()
