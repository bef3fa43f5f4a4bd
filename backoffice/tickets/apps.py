"""The work queue of the back office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """The work queue that every department uses."""

    name = "backoffice.tickets"
    label = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Puts up the signposts and registers the consumers."""
        from backoffice.tickets import consumers, navigation  # noqa: F401
