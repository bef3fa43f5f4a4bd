"""Functions for forms that are shown again after an error."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict

from officeflow.errors import Refused


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Adds a refusal to its field when the field is visible, else to the form."""
    known = refused.field in form.fields and not form[refused.field].is_hidden
    form.add_error(refused.field if known else None, refused.message)


def set_sent_value(form: forms.Form, name: str, value: str) -> None:
    """Replaces the value of a field in the data of a bound form."""
    data = cast(QueryDict, form.data).copy()
    data[form.add_prefix(name)] = value
    form.data = data
