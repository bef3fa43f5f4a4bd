"""The audit trail as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only audit trail."""

    name = "officeflow.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Registers navigation and record kinds, and records every export of a list."""
        from officeflow.audit import navigation
        from officeflow.audit.actions import record_export
        from officeflow.ui.export import list_exported

        navigation.register_all()
        list_exported.connect(record_export, dispatch_uid="audit.record_export")
