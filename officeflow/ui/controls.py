"""The template contexts of form fields and error summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import BoundField, widgets
from django.utils.safestring import SafeString, mark_safe

CHOICES = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def kind_of(widget: widgets.Widget) -> str:
    """Returns the control's kind: ``text``, ``select``, ``textarea``, ``checkbox``, ``choices``."""
    if isinstance(widget, CHOICES):
        return "choices"
    if isinstance(widget, widgets.CheckboxInput):
        return "checkbox"
    if isinstance(widget, widgets.Select) and not getattr(widget, "allow_multiple_selected", False):
        return "select"
    if isinstance(widget, widgets.Textarea):
        return "textarea"
    return "text"


def field_context(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    prefix: str = "",
    suffix: str = "",
    width: str = "",
    label_hidden: bool = False,
    live: bool = False,
    attributes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Returns the context of ``components/field.html``."""
    hint = hint or str(bound.help_text or "")
    errors = [str(error) for error in bound.errors]
    control_id = bound.id_for_label or bound.auto_id or bound.html_name
    kind = kind_of(bound.field.widget)
    if kind == "choices":
        control_id = bound.auto_id or bound.html_name
    described = " ".join(
        [f"{control_id}-prefix"] * bool(prefix)
        + [f"{control_id}-suffix"] * bool(suffix)
        + [f"{control_id}-hint"] * bool(hint)
        + [f"{control_id}-error"] * bool(errors or live)
    )
    return {
        "bound": bound,
        "control": _control(bound, kind, described, bool(errors), attributes or {}),
        "control_id": control_id,
        "described": described,
        "kind": kind,
        "label": label or bound.label,
        "label_hidden": label_hidden,
        "hint": hint,
        "errors": errors,
        "live": live,
        "prefix": prefix,
        "suffix": suffix,
        "width": width,
        "optional": not bound.field.required,
        "choices": list(bound) if kind == "choices" else [],
    }


def _control(
    bound: BoundField, kind: str, described: str, wrong: bool, attributes: Mapping[str, Any]
) -> SafeString:
    if kind == "choices":
        return mark_safe("")
    attrs: dict[str, Any] = {name.replace("_", "-"): value for name, value in attributes.items()}
    base_class = {"select": "select", "checkbox": "check__box"}.get(kind, "input")
    classes = [base_class, bound.field.widget.attrs.get("class"), attrs.pop("class", None)]
    attrs["class"] = " ".join(each for each in classes if each)
    if described:
        attrs["aria-describedby"] = described
    if wrong:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


def errors_of(form: Any, *others: Any) -> list[dict[str, str]]:
    """Returns the errors of forms, formsets and lists of forms, with their controls.

    A formset with a method `row_label(position)` names its rows, from 1.
    """
    found: list[dict[str, str]] = []
    for each in (form, *others):
        if each is None:
            continue
        if isinstance(each, list):
            found += errors_of(None, *each)
            continue
        if hasattr(each, "forms"):
            found += [{"id": "", "label": "", "text": str(e)} for e in each.non_form_errors()]
            for position, row in enumerate(each.forms, start=1):
                name = each.row_label(position) if hasattr(each, "row_label") else ""
                found += [
                    {**error, "label": ", ".join(filter(None, [name, error["label"]]))}
                    for error in errors_of(row)
                ]
            continue
        if not each.is_bound:
            continue
        found += [{"id": "", "label": "", "text": str(e)} for e in each.non_field_errors()]
        for bound in each:
            hidden = bound.is_hidden
            target = "" if hidden else (bound.id_for_label or bound.auto_id or "")
            found += [
                {"id": target, "label": "" if hidden else _error_label(bound), "text": str(error)}
                for error in bound.errors
            ]
    return found


def _error_label(bound: BoundField) -> str:
    """Returns the label before an error, with a colon unless it is a question."""
    label = str(bound.label)
    return label if label.endswith("?") else f"{label}:"
