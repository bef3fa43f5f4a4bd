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
        from frontdesk import consumers, files, messages, navigation, reference  # noqa: F401 (register)
        from frontdesk.customers import imports as customers  # noqa: F401 (register what is read in)
        from frontdesk.order_log import importer  # noqa: F401 (register what is read in)
        from frontdesk.orders import currency  # noqa: F401 (register)

        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="frontdesk.reference")
        navigation.put_up()
