"""Hand-offs as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """Hand-offs as a Django app."""

    name = "officeflow.handoff"
    label = "handoff"
    verbose_name = _("Hand-offs")

    def ready(self) -> None:
        """Registers what the sweeper does now and then, and counts failed notifications."""
        from officeflow.broker import publish_failed
        from officeflow.handoff import periodic
        from officeflow.handoff.balance_checkpoint import Walk
        from officeflow.handoff.counters import count_failure
        from officeflow.handoff.retention import trim_a_while

        periodic.register("balance checkpoint", every=5, work=Walk().run)
        periodic.register("retention", every=30, work=trim_a_while)
        publish_failed.connect(count_failure, dispatch_uid="handoff.count_failure")
