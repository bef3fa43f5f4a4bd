"""The corridor as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """The corridor as a Django app."""

    name = "officeflow.handoff"
    label = "handoff"
    verbose_name = _("Hand-offs")

    def ready(self) -> None:
        """Has the sweeper keep the tally and let go what is not kept; counts failed nudges."""
        from officeflow.broker import publish_failed
        from officeflow.handoff import chores
        from officeflow.handoff.counters import count_failure
        from officeflow.handoff.keeping import trim_a_while
        from officeflow.handoff.tally import Walk

        chores.register("tally", every=5, work=Walk().go_on)
        chores.register("keeping", every=30, work=trim_a_while)
        publish_failed.connect(count_failure, dispatch_uid="handoff.count_failure")
