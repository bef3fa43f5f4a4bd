"""The user interface as a Django app."""

from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# The messages for empty required fields, instead of Django's "This field is required."
REQUIRED: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill this in."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.BooleanField: _("Tick this to continue."),
    forms.FileField: _("Choose a file."),
}
# For an invalid choice, such as one that was deactivated while the page was open.
INVALID_CHOICE = _("Your choice is no longer available. Choose again.")


class UiConfig(AppConfig):
    """Template tags, form fields, navigation, search, exports, charts and the style guide."""

    name = "officeflow.ui"
    label = "ui"
    verbose_name = _("User interface")

    def ready(self) -> None:
        """Registers the style guide's navigation item, and sets messages of form fields."""
        from officeflow.ui.navigation import NavItem, register_nav_item

        register_nav_item(
            NavItem(
                area="administration",
                label=_("Style guide"),
                url_name="styleguide",
                icon="swatches",
                order=900,
            )
        )
        for kind, message in REQUIRED.items():
            kind.default_error_messages = {**kind.default_error_messages, "required": message}
        for kind in (forms.ChoiceField, forms.ModelChoiceField):
            kind.default_error_messages = {
                **kind.default_error_messages,
                "invalid_choice": INVALID_CHOICE,
            }
