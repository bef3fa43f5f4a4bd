"""Putting an action's refusal beside the field that it is about."""

from __future__ import annotations

from django import forms

from officeflow.errors import Refused


def show_refusal(form: forms.Form, refused: Refused) -> None:
    """The message goes to its field when the form has it, else to the form as a whole."""
    known = refused.field in form.fields and not form[refused.field].is_hidden
    form.add_error(refused.field if known else None, refused.message)
