"""Form widgets, and the response of comboboxes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's date picker, whose values are ISO dates in every locale."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class AmountInput(forms.TextInput):
    """A text box for an amount or quantity, with a numeric keyboard on phones."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"inputmode": "decimal", "autocomplete": "off", "class": "input--number"}
        super().__init__({**base, **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A telephone number."""

    input_type = "tel"


class ComboboxInput(forms.TextInput):
    """A text box that suggests results while a person types.

    ``url`` answers ``?q=`` with ``{"results": [{"id", "label", "hint", "data"}]}``. ``target`` is
    the id of the (hidden) control that receives the chosen ``id``; without it the text itself is
    the value. Without JavaScript it is a plain text box.
    """

    def __init__(self, url: Any, *, target: str = "", attrs: dict[str, Any] | None = None) -> None:
        base: dict[str, Any] = {"data-combobox-url": url, "autocomplete": "off"}
        if target:
            base["data-combobox-target"] = target
        base["placeholder"] = _("Type to search")
        super().__init__({**base, **(attrs or {})})


def lookup_answer(results: list[dict[str, Any]]) -> JsonResponse:
    """Returns the results of a combobox as JSON, which browsers must not cache."""
    response = JsonResponse({"results": results})
    response["Cache-Control"] = "private, no-store"
    return response
