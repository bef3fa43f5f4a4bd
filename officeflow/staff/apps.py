"""The staff as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """The people who work here."""

    name = "officeflow.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Registers navigation."""
        from officeflow.staff import navigation

        navigation.register_all()
