"""Writes the controls of forms.

Django renders a template for each control, for each option, and for the attributes of each. The
simple controls are written here, with the same HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

Values = Mapping[str, Any]


class FormRenderer(DjangoTemplates):
    """Django's templates of forms; simple controls are written without them."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Returns the HTML of a control."""
        write = CONTROLS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))  # noqa: S308  each part is escaped


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(attributes: Values) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _input(widget: Values) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: Values) -> str:
    text = conditional_escape(localize(widget["value"])) if widget["value"] else ""
    attributes = _attributes(widget["attrs"])
    return f'<textarea name="{_text(widget["name"])}"{attributes}>\n{text}</textarea>'


def _option(option: Values) -> str:
    label = conditional_escape(localize(option["label"]))
    value, attributes = _text(option["value"]), _attributes(option["attrs"])
    return f'\n  <option value="{value}"{attributes}>{label}</option>'


def _select(widget: Values) -> str:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_text(group)}">')
        parts += [_option(option) for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


CONTROLS: dict[str, Callable[[Values], str]] = {
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in ("input", "text", "number", "email", "hidden", "date", "checkbox", "password")
    },
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
