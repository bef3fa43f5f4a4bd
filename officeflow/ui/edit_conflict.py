"""A form whose record somebody else changed meanwhile: both values side by side.

Such a form carries a `VersionField`: the version of the record that it shows, and beside it how
every other box read when the page was opened. With that, a form that comes too late writes only
what its person changed over the newer record; boxes that they left alone take the newer value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from officeflow.errors import StaleRecord

SHOWN = "shown"
MOST_SENT = 10_000


@dataclass(frozen=True)
class Difference:
    """One field in which the form and the record as it stands now are not the same."""

    label: Any
    theirs: str
    yours: str
    # Whether saving again writes what stands in the form, or leaves the record's newer value.
    keeps_yours: bool


class VersionBox(BoundField):
    """The hidden version of a record, and how every box of the form read when it was opened."""

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """Both, as two hidden inputs."""
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">',
            super().as_widget(*args, **kwargs),
            f"{self.html_name}-{SHOWN}",
            self.shown(),
        )

    def shown(self) -> str:
        """What was sent, of a form that comes back; else how the boxes read now."""
        if self.form.is_bound:
            return str(self.form.data.get(f"{self.html_name}-{SHOWN}", ""))
        boxes = {name: self.form[name].initial for name in self.form.fields if name != self.name}
        return marks(self.form, boxes)


class VersionField(forms.IntegerField):
    """The version of the record that a form shows."""

    widget = forms.HiddenInput

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """The box that remembers the others beside it."""
        return VersionBox(form, self, field_name)


class CalendarField(forms.UUIDField):
    """The same for opening hours, whose version is a name and not a count."""

    widget = forms.HiddenInput
    get_bound_field = VersionField.get_bound_field


def touched(form: forms.Form, name: str, version: str = "version") -> bool | None:
    """Whether the person changed a box from what they were shown; None when nobody knows."""
    sent = str(form.data.get(f"{form.add_prefix(version)}-{SHOWN}", ""))
    try:
        shown_then = json.loads(sent[:MOST_SENT])[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return bool(mark(sent_text(form, name)) != shown_then)


def differences(
    form: forms.Form,
    stale: StaleRecord,
    values: Callable[[Any], Mapping[str, Any]],
    version: str = "version",
) -> dict[str, Any]:
    """The context for a stale form: `form` again with what was typed, and `stale`.

    `values` gives the form's values for the record as it stands now.

    What the person changed stays typed; every other box takes its newer value. The form takes the
    newer version too, so that saving once more is a decision that somebody took after seeing both.
    Show it with `components/stale.html`.
    """
    theirs = values(stale.theirs)
    rows: list[Difference] = []
    for name, field in form.fields.items():
        if name == version or name not in theirs:
            continue
        now, yours = theirs[name], form.cleaned_data.get(name)
        if yours != now and box_text(field, yours) != box_text(field, now):
            keeps_yours = touched(form, name, version) is not False
            rows.append(
                Difference(field.label, shown(field, now), shown(field, yours), keeps_yours)
            )
    take_newer(form, theirs, version)
    return {"form": form, "stale": {"message": stale.message, "rows": rows}}


def take_newer(form: forms.Form, newer: Mapping[str, Any], version: str = "version") -> None:
    """Gives a form that was sent the record's newer version, and its values where nobody typed."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    for name, value in newer.items():
        is_left = name == version or touched(form, name, version) is False
        if name not in form.fields or not is_left:
            continue
        field, sent_as = form.fields[name], form.add_prefix(name)
        text = box_text(field, value)
        data.pop(sent_as, None)
        if text or not isinstance(field, forms.BooleanField):  # no browser sends an unticked box
            data[sent_as] = text
    data[f"{form.add_prefix(version)}-{SHOWN}"] = marks(form, newer)
    form.data = data


def marks(form: forms.BaseForm, values: Mapping[str, Any]) -> str:
    """A short mark of each value's text, by the field's name."""
    return json.dumps(
        {
            name: mark(box_text(form.fields[name], value))
            for name, value in values.items()
            if name in form.fields
        },
        separators=(",", ":"),
    )


def mark(text: str) -> str:
    """Eight signs that tell one text from another."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def box_text(field: forms.Field, value: Any) -> str:
    """A value as its box sends it when nobody touches it; empty for an unticked box."""
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    return _plain(field.widget.format_value(field.prepare_value(value)))


def sent_text(form: forms.Form, name: str) -> str:
    """What a box sent, in the same way."""
    field = form.fields[name]
    sent = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    if isinstance(field, forms.BooleanField):
        return "on" if sent else ""
    return _plain(sent)


def _plain(value: Any) -> str:
    """A text without what browsers do to it on the way."""
    if isinstance(value, list | tuple):
        return "\n".join(sorted(_plain(each) for each in value))
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def shown(field: forms.Field, value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value) if value is not None else "—"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return box_text(field, value) or "—"
