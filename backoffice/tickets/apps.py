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
        from backoffice.tickets import consumers, draft_forms, navigation  # noqa: F401 (register)
        from backoffice.tickets.actions import end_holds, release_stranded, release_tickets
        from backoffice.tickets.notifications import (
            tell_about_hr_access,
            tell_about_stuck_handoffs,
        )
        from backoffice.tickets.queries import held_tickets
        from backoffice.tickets.reference import ensure_after_migrate
        from backoffice.tickets.rollups import CLOSED, DUE, OPENED
        from officeflow.handoff.maintenance import periodic_jobs
        from officeflow.handoff.maintenance.stuck import handoffs_stuck
        from officeflow.rollups import definitions
        from officeflow.staff import held_work
        from officeflow.staff.notices import hr_access_given

        for each in (OPENED, CLOSED, DUE):
            definitions.register(each)
        navigation.register_all()
        draft_forms.register_all()
        hr_access_given.connect(tell_about_hr_access, dispatch_uid="tickets.hr_access")
        handoffs_stuck.connect(tell_about_stuck_handoffs, dispatch_uid="tickets.stuck_handoffs")
        # A delay of some seconds is fine: a hold ends when the office opens.
        periodic_jobs.register("end_holds", interval_seconds=10, run=end_holds)
        # Roles granted for a time end by the clock.
        periodic_jobs.register("release_stranded", interval_seconds=5, run=release_stranded)
        held_work.register("ticket", held_work.WorkKind(find=held_tickets, release=release_tickets))
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="ticket_reference")
