"""The desk as an app of the house."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FrontdeskConfig(AppConfig):
    """The desk: it listens at the corridor's front end and keeps its reference rows."""

    name = "frontdesk"
    label = "frontdesk"
    verbose_name = _("Front desk")

    def ready(self) -> None:
        """Registers consumers, signposts and reference rows."""
        from frontdesk import (  # noqa: F401 (register)
            consumers,
            currency,
            files,
            messages,
            navigation,
            reference,
        )
        from frontdesk.intake import customers, orders  # noqa: F401 (register what is read in)

        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="frontdesk.reference")
        navigation.put_up()
