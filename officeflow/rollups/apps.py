"""The roll-ups as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RollupsConfig(AppConfig):
    """The roll-ups as a Django app."""

    name = "officeflow.rollups"
    label = "rollups"
    verbose_name = _("Roll-ups")
