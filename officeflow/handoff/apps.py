"""Hand-offs as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """Hand-offs as a Django app."""

    name = "officeflow.handoff"
    label = "handoff"
    verbose_name = _("Hand-offs")

    def ready(self) -> None:
        """Registers the sweeper's jobs, and has failed notifications counted."""
        from officeflow.broker import publish_failed
        from officeflow.handoff.maintenance import (
            balance_checkpoint,
            periodic_jobs,
            retention,
            stuck,
        )
        from officeflow.handoff.monitoring.counters import count_publish_failure
        from officeflow.handoff.reports import HANDOFFS
        from officeflow.rollups import definitions, filling

        definitions.register(HANDOFFS)
        periodic_jobs.register("roll-ups", interval_seconds=2, run=filling.run)

        periodic_jobs.register(
            "balance checkpoint", interval_seconds=5, run=balance_checkpoint.CheckpointJob().run
        )
        periodic_jobs.register("retention", interval_seconds=30, run=retention.run)
        periodic_jobs.register("report stuck", interval_seconds=30, run=stuck.report_stuck)
        publish_failed.connect(count_publish_failure, dispatch_uid="handoff.count_publish_failure")
