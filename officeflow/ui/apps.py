"""The Django app of the look; it puts the style guide into the navigation."""

from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What is said beside a box that was left empty, instead of the framework's "This field is
# required."; a form that knows better says it itself.
REQUIRED: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill this in."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.BooleanField: _("Tick this to continue."),
    forms.FileField: _("Choose a file."),
}
# Beside a choice that was switched off while the page was open; it is named by a code there.
GONE = _("Your choice is no longer available. Choose again.")


class UiConfig(AppConfig):
    """Template tags, widgets, navigation and the style guide."""

    name = "officeflow.ui"
    label = "ui"
    verbose_name = _("Look")

    def ready(self) -> None:
        """Register the style guide's own place in the navigation; say what an empty box needs."""
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
        for kind, words in REQUIRED.items():
            kind.default_error_messages = {**kind.default_error_messages, "required": words}
        for kind in (forms.ChoiceField, forms.ModelChoiceField):
            kind.default_error_messages = {**kind.default_error_messages, "invalid_choice": GONE}
