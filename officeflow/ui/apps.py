"""The Django app of the look; it puts the style guide into the navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Template tags, widgets, navigation and the style guide."""

    name = "officeflow.ui"
    label = "ui"
    verbose_name = _("Look")

    def ready(self) -> None:
        """Register the style guide's own place in the navigation."""
        from officeflow.ui.navigation import NavItem, register

        register(
            NavItem(
                wing="house",
                label=_("Style guide"),
                url_name="styleguide",
                icon="swatches",
                order=900,
            )
        )
