"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only trail."""

    name = "officeflow.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Hears of every list that somebody takes away, and puts up the signpost to the page."""
        from officeflow.audit.actions import record_export
        from officeflow.permissions import Permission
        from officeflow.ui.export import on_export
        from officeflow.ui.navigation import NavItem, register

        on_export(record_export)
        register(
            NavItem(
                area="administration",
                label=_("Audit trail"),
                url_name="audit:trail",
                icon="clock",
                permission=(Permission.VIEW_AUDIT, Permission.VIEW_HR),
                order=80,
            )
        )
