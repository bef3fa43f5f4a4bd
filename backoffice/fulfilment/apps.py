"""Fulfilment as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FulfilmentConfig(AppConfig):
    """Fulfilment: fetches, packs and ships the goods of orders."""

    name = "backoffice.fulfilment"
    label = "fulfilment"
    verbose_name = _("Fulfilment")

    def ready(self) -> None:
        """Registers ticket hooks, consumers and record kinds."""
        from backoffice.fulfilment import consumers, navigation  # noqa: F401
        from backoffice.fulfilment.hooks import HOOKS
        from backoffice.tickets.hooks import register_hooks
        from officeflow.permissions import Department

        navigation.register_all()
        register_hooks(Department.FULFILMENT, HOOKS)
