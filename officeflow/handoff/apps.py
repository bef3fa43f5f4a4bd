"""The corridor as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """The corridor as a Django app."""

    name = "officeflow.handoff"
    label = "handoff"
    verbose_name = _("Hand-offs")
