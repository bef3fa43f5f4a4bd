"""The staff as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """The people of the office."""

    name = "officeflow.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """Registers record kinds, links and navigation items."""
        from officeflow.staff import (  # noqa: F401 (receivers)
            known_devices,
            navigation,
            notices,
            security_log,
            sessions,
        )

        navigation.register_all()
