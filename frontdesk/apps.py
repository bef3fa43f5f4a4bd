from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FrontdeskConfig(AppConfig):
    """The desk: it listens at the corridor's front end and keeps its reference rows."""

    name = "frontdesk"
    label = "frontdesk"
    verbose_name = _("Front desk")

    def ready(self) -> None:
        from frontdesk import consumers, reference  # noqa: F401 (registers the consumers)

        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="frontdesk.reference")
