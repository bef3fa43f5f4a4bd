"""The mailbox as an app of the house."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Messages on their way out of the house."""

    name = "officeflow.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Listens at the corridor's end, puts up signposts, and sees to the reference rows."""
        from officeflow.mail import (  # noqa: F401 (register)
            checks,
            consumers,
            navigation,
            reference,
            staff_events,
        )

        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="mail.reference")
