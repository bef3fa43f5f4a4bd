"""The user interface as a Django app."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Template tags, form fields, navigation, search, exports, charts and the style guide."""

    name = "officeflow.ui"
    label = "ui"
    verbose_name = _("User interface")

    def ready(self) -> None:
        """Registers the style guide's navigation item, and sets messages of form fields."""
        from officeflow.permissions import Permission
        from officeflow.ui import field_errors
        from officeflow.ui.navigation import NavItem, register_nav_item

        if settings.DEBUG:  # it is for developers; others open it by its address
            register_nav_item(
                NavItem(
                    area="administration",
                    label=_("Style guide"),
                    url_name="styleguide",
                    icon="swatches",
                    permission=Permission.MANAGE_OFFICE,
                    order=900,
                )
            )
        field_errors.set_messages()
