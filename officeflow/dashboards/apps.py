"""The dashboards as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """What managers see of both sides."""

    name = "officeflow.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        """Registers navigation."""
        from officeflow.dashboards import navigation

        navigation.register_all()
