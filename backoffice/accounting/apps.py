"""Accounting as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountingConfig(AppConfig):
    """Accounting: issues invoices and credit notes, and keeps the books."""

    name = "backoffice.accounting"
    label = "accounting"
    verbose_name = _("Accounting")

    def ready(self) -> None:
        """Registers consumers, ticket hooks, a periodic job, reference rows and navigation."""
        from backoffice.accounting import consumers, navigation  # noqa: F401 (registers them)
        from backoffice.accounting.actions import files
        from backoffice.accounting.hooks import HOOKS
        from backoffice.accounting.reference import ensure_after_migrate
        from backoffice.accounting.rollups import INVOICES, POSTINGS
        from backoffice.tickets.hooks import register_hooks
        from officeflow.handoff.maintenance import periodic_jobs
        from officeflow.permissions import Department
        from officeflow.rollups import definitions

        register_hooks(Department.ACCOUNTING, HOOKS)
        navigation.register_all()
        periodic_jobs.register(
            "draw documents", interval_seconds=files.INTERVAL_SECONDS, run=files.DrawingJob().run
        )
        for each in (POSTINGS, INVOICES):
            definitions.register(each)
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="chart_of_accounts")
