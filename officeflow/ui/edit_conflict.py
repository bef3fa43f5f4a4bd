"""Edit conflicts: a form whose record was changed after the form was opened.

Such a form has a `VersionField`, which sends the record's version and a digest of every other
field's initial value. When the version is stale, the form is shown again: fields that the person
changed keep their values, other fields take the record's newer values.
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
from officeflow.limits import COUNT

SHOWN = "shown"
MAX_SENT = 10_000


@dataclass(frozen=True)
class Difference:
    """A field whose values in the form and in the current record differ."""

    label: Any
    theirs: str
    yours: str
    # Whether saving again stores the form's value, or keeps the record's newer value.
    keeps_yours: bool


class VersionBox(BoundField):
    """The hidden version of a record, with digests of the other fields' initial values."""

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """Returns two hidden inputs: the version and the digests."""
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">',
            super().as_widget(*args, **kwargs),
            f"{self.html_name}-{SHOWN}",
            self.shown(),
        )

    def shown(self) -> str:
        """Returns the digests: the sent ones of a bound form, else those of the initial values."""
        if self.form.is_bound:
            return str(self.form.data.get(f"{self.html_name}-{SHOWN}", ""))
        boxes = {name: self.form[name].initial for name in self.form.fields if name != self.name}
        return digests(self.form, boxes)


class VersionField(forms.IntegerField):
    """The version of the record that a form shows."""

    widget = forms.HiddenInput

    def __init__(self, *, min_value: int = 0, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=COUNT, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Returns a `VersionBox`."""
        return VersionBox(form, self, field_name)


class CalendarField(forms.UUIDField):
    """The version of opening hours and closures, which is a UUID."""

    widget = forms.HiddenInput
    get_bound_field = VersionField.get_bound_field


def touched(form: forms.Form, name: str, version: str = "version") -> bool | None:
    """Returns whether the person changed a field's initial value; None when it is not known."""
    sent = str(form.data.get(f"{form.add_prefix(version)}-{SHOWN}", ""))
    try:
        initial_digest = json.loads(sent[:MAX_SENT])[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return bool(digest(sent_text(form, name)) != initial_digest)


def differences(
    form: forms.Form,
    stale: StaleRecord,
    values: Callable[[Any], Mapping[str, Any]],
    version: str = "version",
) -> dict[str, Any]:
    """Returns the context of a stale form: `form` and `stale`, for `components/stale.html`.

    `values` returns the form's values for a record.

    Fields that the person changed keep their values, other fields take the newer ones. The form
    also takes the newer version, so that saving it again is allowed.
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
    """Sets the newer version in a sent form, and newer values in fields that were not changed."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    for name, value in newer.items():
        takes_newer = name == version or touched(form, name, version) is False
        if name not in form.fields or not takes_newer:
            continue
        field, sent_as = form.fields[name], form.add_prefix(name)
        text = box_text(field, value)
        data.pop(sent_as, None)
        if text or not isinstance(field, forms.BooleanField):  # unticked boxes are not sent
            data[sent_as] = text
    data[f"{form.add_prefix(version)}-{SHOWN}"] = digests(form, newer)
    form.data = data


def digests(form: forms.BaseForm, values: Mapping[str, Any]) -> str:
    """Returns the digests of values by field, as JSON."""
    return json.dumps(
        {
            name: digest(box_text(form.fields[name], value))
            for name, value in values.items()
            if name in form.fields
        },
        separators=(",", ":"),
    )


def digest(text: str) -> str:
    """Returns the first eight hexadecimal digits of a text's SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def box_text(field: forms.Field, value: Any) -> str:
    """Returns a value as an unchanged field sends it; empty for an unticked box."""
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    return _plain(field.widget.format_value(field.prepare_value(value)))


def sent_text(form: forms.Form, name: str) -> str:
    """Returns the value that a field sent, in the form of `box_text`."""
    field = form.fields[name]
    sent = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    if isinstance(field, forms.BooleanField):
        return "on" if sent else ""
    return _plain(sent)


def _plain(value: Any) -> str:
    """Returns a value as text, without differences that browsers make."""
    if isinstance(value, list | tuple):
        return "\n".join(sorted(_plain(each) for each in value))
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def shown(field: forms.Field, value: Any) -> str:
    """Returns a field's value as text for display."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value) if value is not None else "—"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return box_text(field, value) or "—"
