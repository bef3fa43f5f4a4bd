"""The imports as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Files that people import."""

    name = "officeflow.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        """Registers navigation."""
        from officeflow.imports import navigation

        navigation.register_all()
