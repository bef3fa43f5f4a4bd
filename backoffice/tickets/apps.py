"""The work queue as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """The work queue that every department uses."""

    name = "backoffice.tickets"
    label = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Registers consumers, navigation, periodic work and reference rows."""
        from backoffice.tickets import consumers, navigation  # noqa: F401 (register)
        from backoffice.tickets.actions import end_holds
        from backoffice.tickets.reference import ensure_after_migrate
        from officeflow.handoff.maintenance import periodic_jobs

        navigation.register_all()
        # A delay of some seconds is fine: a hold ends when the office opens.
        periodic_jobs.register("end_holds", interval_seconds=10, run=end_holds)
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="ticket_reference")
