"""The department that fetches, packs and sends."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FulfilmentConfig(AppConfig):
    """Each placed order's goods, from the shelf to the counter or the road."""

    name = "backoffice.fulfilment"
    label = "fulfilment"
    verbose_name = _("Fulfilment")

    def ready(self) -> None:
        """Hooks into the work queue and registers the consumers."""
        from backoffice.fulfilment import consumers, navigation  # noqa: F401
        from backoffice.fulfilment.ticket_hooks import HOOKS
        from backoffice.tickets.departments import register
        from officeflow.permissions import Department

        navigation.register_all()
        register(Department.FULFILMENT, HOOKS)
