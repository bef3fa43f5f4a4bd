"""The Django app of the room; it puts up the signpost to its pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Where files are read in."""

    name = "officeflow.imports"
    label = "imports"
    verbose_name = _("Files read in")

    def ready(self) -> None:
        """Puts up the signpost to everybody who may read in at least one kind of file."""
        from officeflow.imports.navigation import put_up

        put_up()
