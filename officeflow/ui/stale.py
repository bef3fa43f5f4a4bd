"""A form whose record somebody else changed meanwhile: both values side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Difference:
    """One field in which the form and the record as it stands now are not the same."""

    label: Any
    theirs: str
    yours: str


def differences(form: forms.Form, theirs: Mapping[str, Any], message: str) -> dict[str, Any]:
    """The context for a stale form: `form` again with what was typed, and `stale`.

    The form keeps every typed value and takes the newer `version`, so that saving once more is
    a decision that somebody took after seeing both. Show it with `components/stale.html`.
    """
    rows = [
        Difference(field.label, shown(field, theirs[name]), shown(field, form.cleaned_data[name]))
        for name, field in form.fields.items()
        if name != "version" and name in theirs and theirs[name] != form.cleaned_data.get(name)
    ]
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data[form.add_prefix("version")] = str(theirs["version"])
    form.data = data
    return {"form": form, "stale": {"message": message, "rows": rows}}


def shown(field: forms.Field, value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value) if value is not None else "—"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if value is None or value == "":
        return "—"
    return str(value)
