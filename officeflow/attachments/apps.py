"""The attachments as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    """Files on orders, complaints, tickets and customers."""

    name = "officeflow.attachments"
    label = "attachments"
    verbose_name = _("Attachments")

    def ready(self) -> None:
        """Registers the record kind."""
        from officeflow.attachments import navigation

        navigation.register_all()
