"""The Django app of the look; it puts the style guide into the navigation."""

from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What is said beside a box that was left empty, instead of the framework's "This field is
# required."; a form that knows better says it itself.
REQUIRED: dict[type[forms.Field], Any] = {
    forms.Field: _("Please fill this in."),
    forms.ChoiceField: _("Please choose one."),
    forms.ModelChoiceField: _("Please choose one."),
    forms.BooleanField: _("Please tick this to go on."),
    forms.FileField: _("Please choose a file."),
}
# Beside a choice that was switched off while the page was open; it is named by a code there.
GONE = _("What was chosen here is not offered any more. Please choose again.")


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
