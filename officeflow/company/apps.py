"""The company as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompanyConfig(AppConfig):
    """The office, its sites, opening hours and closures."""

    name = "officeflow.company"
    label = "company"
    verbose_name = _("Company")

    def ready(self) -> None:
        """Registers record kinds."""
        from officeflow.company import navigation

        navigation.register_all()
