"""What views do with a form that comes back."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict

from officeflow.errors import Refused


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """Puts a refusal beside its field when the form shows that field, else above the form."""
    known = refused.field in form.fields and not form[refused.field].is_hidden
    form.add_error(refused.field if known else None, refused.message)


def change_sent(form: forms.Form, name: str, value: str) -> None:
    """Lets a form that is shown again carry another value than the one that was sent."""
    data = cast(QueryDict, form.data).copy()
    data[form.add_prefix(name)] = value
    form.data = data
