"""The gallery as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """The gallery as a Django app."""

    name = "officeflow.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        """Puts up the signpost to the wall."""
        from officeflow.dashboards import navigation  # noqa: F401
