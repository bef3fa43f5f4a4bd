"""HR as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HRConfig(AppConfig):
    """HR. None of its data is in Django's admin."""

    name = "backoffice.hr"
    label = "hr"
    verbose_name = _("HR")

    def ready(self) -> None:
        """Registers consumers, the panel of a sealed case, reference rows and navigation."""
        from backoffice.hr import consumers, navigation  # noqa: F401 (registers them)
        from backoffice.hr.queries import case_panel
        from backoffice.hr.reference import ensure_after_migrate
        from backoffice.tickets.hooks import Hooks, register_hooks
        from officeflow.permissions import Department

        navigation.register_all()
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="commission_rate")
        register_hooks(
            Department.HR,
            Hooks(detail_template="backoffice/hr/case_panel.html", detail_context=case_panel),
        )
