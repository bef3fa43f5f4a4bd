"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "officeflow.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Hears of every list that somebody takes away."""
        from officeflow.audit.actions import record_export
        from officeflow.ui.export import on_export

        on_export(record_export)
