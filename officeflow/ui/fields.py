"""Form fields for free text."""

from __future__ import annotations

from typing import Any

from django import forms


class MultilineField(forms.CharField):
    """Free text of several lines, whose line ends are normalised."""

    def to_python(self, value: Any) -> str:
        """Returns the text with a single character for each line end."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ConditionallyRequiredField(MultilineField):
    """A field that is required only while it is shown; the form checks it in `clean`.

    It is displayed like a required field.
    """

    def validate(self, value: Any) -> None:
        """Checks nothing, because the form does."""


class MultilineInput(forms.Textarea):
    """A text area of a few rows."""

    def __init__(self, rows: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": rows, **(attrs or {})})
