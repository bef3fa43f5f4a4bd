"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "officeflow.audit"
    label = "audit"
    verbose_name = _("Audit")
