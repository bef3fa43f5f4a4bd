"""The mail as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Messages to customers and colleagues."""

    name = "officeflow.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Registers consumers, checks, events, navigation and reference rows."""
        from officeflow.mail import (  # noqa: F401 (register)
            checks,
            consumers,
            navigation,
            reference,
            staff_events,
            stuck_handoffs,
        )

        navigation.register_all()
        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="mail.reference")
