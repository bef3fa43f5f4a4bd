"""The messages of the API's fields and errors, in one place, instead of the framework's own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, relations, serializers

MOST_CHARACTERS = _("Use at most {max_length} characters.")
NUMBER = _('Send a number as a string, such as "12.50".')
AN_OBJECT = _("Send an object with fields.")
A_LIST = _("Send a list.")
NOT_A_CHOICE = _("“{input}” is not one of the choices.")
MOMENT = _("Send a date and time such as 2026-12-31T09:30:00Z.")
FIELDS: dict[type[Any], dict[str, Any]] = {
    serializers.Field: {
        "required": _("This field is required. Send it."),
        "null": _("Send a value, not null."),
    },
    serializers.BooleanField: {"invalid": _("Send true or false.")},
    serializers.CharField: {
        "invalid": _("Send a text."),
        "blank": _("Send a text that is not empty."),
        "max_length": MOST_CHARACTERS,
        "min_length": _("Use at least {min_length} characters."),
    },
    serializers.EmailField: {"invalid": _("Send an e-mail address such as name@example.com.")},
    serializers.IntegerField: {
        "invalid": _("Send a whole number."),
        "max_value": _("Send {max_value} or less."),
        "min_value": _("Send {min_value} or more."),
        "max_string_length": _("Send a shorter number."),
    },
    serializers.DecimalField: {
        "invalid": NUMBER,
        "max_value": _("Send {max_value} or less."),
        "min_value": _("Send {min_value} or more."),
        "max_digits": _("Use at most {max_digits} digits."),
        "max_decimal_places": _("Use at most {max_decimal_places} decimals."),
        "max_whole_digits": _("Use at most {max_whole_digits} digits before the point."),
        "max_string_length": _("Send a shorter number."),
    },
    serializers.DateField: {
        "invalid": _("Send a date such as 2026-12-31."),
        "datetime": _("Send a date without a time, such as 2026-12-31."),
    },
    serializers.DateTimeField: {
        "invalid": MOMENT,
        "date": MOMENT,
        "make_aware": MOMENT,
        "overflow": MOMENT,
    },
    serializers.ChoiceField: {"invalid_choice": NOT_A_CHOICE},
    serializers.MultipleChoiceField: {
        "invalid_choice": NOT_A_CHOICE,
        "not_a_list": A_LIST,
        "empty": _("Send at least one choice."),
    },
    serializers.ListField: {
        "not_a_list": A_LIST,
        "empty": _("Send at least one entry."),
        "min_length": _("Send at least {min_length} entries."),
        "max_length": _("Send at most {max_length} entries."),
    },
    serializers.ListSerializer: {
        "not_a_list": A_LIST,
        "empty": _("Send at least one entry."),
        "min_length": _("Send at least {min_length} entries."),
        "max_length": _("Send at most {max_length} entries."),
    },
    serializers.Serializer: {"invalid": AN_OBJECT},
    serializers.FileField: {
        "required": _("Send a file."),
        "invalid": _("Send a file."),
        "no_name": _("Send the file with a name."),
        "empty": _("The file is empty. Send another one."),
        "max_length": _("Use at most {max_length} characters for the file's name."),
    },
    relations.SlugRelatedField: {
        "does_not_exist": _("“{value}” does not exist."),
        "invalid": _("Send a text."),
    },
}
ERRORS: dict[type[exceptions.APIException], Any] = {
    exceptions.NotAuthenticated: _("Sign in first: send a token."),
    exceptions.AuthenticationFailed: _("The user name or the password is wrong."),
    exceptions.MethodNotAllowed: _("This address does not take {method}."),
    exceptions.UnsupportedMediaType: _("This address does not take {media_type}."),
    exceptions.NotAcceptable: _("This address does not have the wanted media type."),
}


def set_messages() -> None:
    """Makes these the messages of all fields and errors that have none of their own."""
    for kind, texts in FIELDS.items():
        kind.default_error_messages = {**kind.default_error_messages, **texts}
    for error, text in ERRORS.items():
        error.default_detail = text
