"""Request bodies: limits of JSON, and serializers that refuse unknown fields."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser

from officeflow.text import CONTROL

MAX_DEPTH = 32
MOST_NAMES = 100  # in one object
LONGEST_NAME = 100  # characters
MOST_VALUES = 1000  # in one list
MOST_UNKNOWN = 10  # unknown fields of an object that a problem names


class BodyParser(JSONParser):
    """Parses JSON, and refuses large bodies, deep nesting, lone surrogates and control characters.

    The parser, the database or the response would fail on them. Objects with many names and long
    lists are refused before anything looks at each of their values.
    """

    most_bytes = 2560 * 1024

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Returns the body's value. Raises `ParseError` and `RequestDataTooBig`."""
        raw = stream.read(self.most_bytes + 1)
        if len(raw) > self.most_bytes:
            raise RequestDataTooBig
        try:
            body = super().parse(io.BytesIO(raw), media_type, parser_context)
        except (RecursionError, LookupError) as error:  # LookupError: an unknown charset
            raise exceptions.ParseError(_("The body is not valid JSON.")) from error
        check(body)
        if body is None:
            raise exceptions.ParseError(_("The body is null. Send a JSON object."))
        return body


class SmallBodyParser(BodyParser):
    """Parses the JSON of people who are not signed in: names, passwords and codes."""

    most_bytes = 64 * 1024


def check(body: Any) -> None:
    """Raises `ParseError` for a value that is too deep, large or has an invalid string."""
    level: list[Any] = [body]
    for _depth in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise exceptions.ParseError(_("The body is nested too deeply."))


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise exceptions.ParseError(
                _("A text contains an incomplete character (a lone surrogate).")
            ) from error
        if CONTROL.search(value):
            raise exceptions.ParseError(
                _("A text contains a control character, such as a null character.")
            )
    elif isinstance(value, dict):
        if len(value) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in value):
            raise exceptions.ParseError(
                _("An object has too many fields, or a field with a name that is too long.")
            )
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        if len(value) > MOST_VALUES:
            raise exceptions.ParseError(
                _("A list has too many values. Use at most %(most)d.") % {"most": MOST_VALUES}
            )
        yield from value


class KnownFields:
    """A mixin for serializers of request bodies, which refuses unknown fields and numbers as texts.

    Without it a mistyped `quantiy` would be ignored and the default used, and the number 0 would be
    the text "0". Nested serializers need the mixin too; their problems name the path, such as
    `lines.0.quantiy`.
    """

    def to_internal_value(self: Any, data: Any) -> Any:
        """Returns the checked values. Raises one `ValidationError` with all errors."""
        wrong: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            names = islice((name for name in data if name not in known), MOST_UNKNOWN)
            wrong = {str(name): _no_field(name, known) for name in names}
            wrong |= {
                name: [self.fields[name].error_messages["invalid"]]
                for name in known
                if isinstance(self.fields[name], serializers.CharField)
                and isinstance(data.get(name), int | float)
            }
        try:
            value = super().to_internal_value(data)  # type: ignore[misc]
        except exceptions.ValidationError as error:
            if not wrong or not isinstance(error.detail, dict):
                raise
            raise exceptions.ValidationError({**wrong, **error.detail}) from error
        if wrong:
            raise exceptions.ValidationError(wrong)
        return value


class Body(KnownFields, serializers.Serializer[Any]):
    """A serializer of a request body, or of a part of one."""


def _no_field(name: object, known: list[str]) -> list[str]:
    for near in difflib.get_close_matches(str(name)[:64], known, n=1, cutoff=0.75):
        return [_("This field does not exist. Did you mean “%(field)s”?") % {"field": near}]
    return [_("This field does not exist.")]
