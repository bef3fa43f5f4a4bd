"""The messages of form fields, in one place, instead of the framework's own.

Each says what to do. `officeflow.api.field_errors` has those of the API.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import validators as auth_validators
from django.core import validators
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from officeflow.formats.reading import write_plainly

REQUIRED: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill this in."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.BooleanField: _("Tick this to continue."),
    forms.FileField: _("Choose a file."),
}
# For an invalid choice, such as one that was deactivated while the page was open.
INVALID_CHOICE = _("Your choice is no longer available. Choose again.")
OUT_OF_DATE = _("This page is out of date. Reload it and try again.")
A_NUMBER = format_lazy(
    _("Enter a number such as 3 or {decimal}."),
    decimal=lazy(lambda: write_plainly(Decimal("1.5")), str)(),  # as the reader's locale writes it
)
FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.IntegerField: {"invalid": _("Enter a whole number.")},
    forms.DecimalField: {"invalid": A_NUMBER},
    forms.DateField: {"invalid": _("Enter a date such as 2026-12-31.")},
    forms.TimeField: {"invalid": _("Enter a time such as 09:30.")},
    forms.DateTimeField: {"invalid": _("Enter a date and a time such as 2026-12-31 09:30.")},
    forms.UUIDField: {"invalid": OUT_OF_DATE},
    forms.ChoiceField: {"invalid_choice": INVALID_CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": INVALID_CHOICE, "invalid_list": INVALID_CHOICE},
    forms.ModelChoiceField: {"invalid_choice": INVALID_CHOICE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": INVALID_CHOICE,
        "invalid_list": INVALID_CHOICE,
        "invalid_pk_value": INVALID_CHOICE,
    },
    forms.FileField: {
        "invalid": _("The file was not sent. Choose it again."),
        "missing": _("The file was not sent. Choose it again."),
        "empty": _("The file is empty. Choose another one."),
    },
}
DIGITS = ngettext_lazy("Use at most %(max)s digit.", "Use at most %(max)s digits.", "max")
DECIMALS = ngettext_lazy("Use at most %(max)s decimal.", "Use at most %(max)s decimals.", "max")
WHOLE_DIGITS = ngettext_lazy(
    "Use at most %(max)s digit before the decimal sign.",
    "Use at most %(max)s digits before the decimal sign.",
    "max",
)
VALIDATORS: dict[type[Any], Any] = {
    validators.MaxLengthValidator: ngettext_lazy(
        "Use at most %(limit_value)d character. You entered %(show_value)d.",
        "Use at most %(limit_value)d characters. You entered %(show_value)d.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Use at least %(limit_value)d character.",
        "Use at least %(limit_value)d characters.",
        "limit_value",
    ),
    validators.MaxValueValidator: _("Enter %(limit_value)s or less."),
    validators.MinValueValidator: _("Enter %(limit_value)s or more."),
    validators.EmailValidator: _("Enter an e-mail address such as name@example.com."),
    validators.URLValidator: _("Enter a web address such as https://www.example.com."),
    validators.ProhibitNullCharactersValidator: _("Remove the null character."),
    auth_validators.UnicodeUsernameValidator: _("Use letters, digits and @ . + - _ only."),
}


def set_messages() -> None:
    """Makes these the messages of all fields and validators that have none of their own."""
    for kind, message in REQUIRED.items():
        kind.default_error_messages = {**kind.default_error_messages, "required": message}
    for kind, texts in FIELDS.items():
        kind.default_error_messages = {**kind.default_error_messages, **texts}
    for validator, text in VALIDATORS.items():
        validator.message = text
    decimals: dict[str, Any] = {
        "invalid": A_NUMBER,
        "max_digits": DIGITS,
        "max_decimal_places": DECIMALS,
        "max_whole_digits": WHOLE_DIGITS,
    }
    validators.DecimalValidator.messages = decimals
