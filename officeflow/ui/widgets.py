"""Form widgets in place of Django's plain ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own date picker; it speaks ISO dates whatever the reader's locale."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class AmountInput(forms.TextInput):
    """An amount or quantity: a text box with a number keyboard, set in even-width figures."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"inputmode": "decimal", "autocomplete": "off", "class": "input--number"}
        super().__init__({**base, **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A telephone number."""

    input_type = "tel"


class ComboboxInput(forms.TextInput):
    """A text box that looks things up as one types.

    ``url`` answers ``?q=`` with ``{"results": [{"id", "label", "hint", "data"}]}``. ``target`` is
    the id of the (hidden) control that receives the chosen ``id``; without it the text itself is
    the value. Without scripts it stays the plain text box that it is.
    """

    def __init__(self, url: Any, *, target: str = "", attrs: dict[str, Any] | None = None) -> None:
        base: dict[str, Any] = {"data-combobox-url": url, "autocomplete": "off"}
        if target:
            base["data-combobox-target"] = target
        base["placeholder"] = _("Type to search")
        super().__init__({**base, **(attrs or {})})


def lookup_answer(results: list[dict[str, Any]]) -> JsonResponse:
    """What a combobox lists; never kept by the browser, whoever uses it next."""
    response = JsonResponse({"results": results})
    response["Cache-Control"] = "private, no-store"
    return response
