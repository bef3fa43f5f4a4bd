"""Form fields that read what people type."""

from __future__ import annotations

from typing import Any

from django import forms


class WordsField(forms.CharField):
    """Free text. Browsers send line ends as two characters; one is kept, as everywhere else."""

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class NeededThere(WordsField):
    """A field that must be filled in only while it is shown; the form decides when.

    It is drawn like a required one, because whoever sees it needs it.
    """

    def validate(self, value: Any) -> None:
        """Leaves it to the form to ask for it."""


class Paragraphs(forms.Textarea):
    """A few lines of free text."""

    def __init__(self, rows: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": rows, **(attrs or {})})
