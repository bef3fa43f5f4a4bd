"""The front desk as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# Modules that register consumers, mail events and importers when they are imported.
SELF_REGISTERING_MODULES = (
    "frontdesk.customers.imports.importer",
    "frontdesk.customers.messages",
    "frontdesk.customers.phones",
    "frontdesk.orders.consumers",
    "frontdesk.orders.currency",
    "frontdesk.orders.messages",
    "frontdesk.payments.consumers",
    "frontdesk.payments.sites",
    "frontdesk.complaints.consumers",
    "frontdesk.complaints.messages",
    "frontdesk.questions.consumers",
    "frontdesk.order_log.importer",
)


class FrontdeskConfig(AppConfig):
    """The front desk: one app with a folder for each noun."""

    name = "frontdesk"
    label = "frontdesk"
    verbose_name = _("Front desk")

    def ready(self) -> None:
        """Registers consumers, messages, imports, periodic work, reference rows and navigation."""
        for module in SELF_REGISTERING_MODULES:
            import_module(module)
        from frontdesk import draft_forms, navigation, notification_source, reference
        from frontdesk.complaints.actions.complaints import forget_told_answers
        from frontdesk.reports.rollups import ORDERS, PAYMENTS, REFUNDS
        from officeflow.handoff.maintenance import periodic_jobs
        from officeflow.rollups import definitions

        for each in (ORDERS, PAYMENTS, REFUNDS):
            definitions.register(each)
        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="frontdesk.reference")
        navigation.register_all()
        draft_forms.register_all()
        periodic_jobs.register("forget_told_answers", interval_seconds=5, run=forget_told_answers)
        notification_source.register_all()
