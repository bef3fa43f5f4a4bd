"""What a request may carry: JSON of a sane size, depth and alphabet, and known fields alone."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser

from officeflow.text import CONTROL

MOST_DEPTH = 32


class BodyParser(JSONParser):
    """JSON as the office takes it.

    Refuses what the parser, the database or the answer would stumble over later: bodies without
    end, nesting without end, halves of characters (lone surrogates) and control characters.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body's value. Raises `ParseError`, `RequestDataTooBig`."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise RequestDataTooBig
        try:
            body = super().parse(io.BytesIO(raw), media_type, parser_context)
        except (RecursionError, LookupError) as error:  # the latter: a charset nobody knows
            raise exceptions.ParseError(_("The body cannot be read.")) from error
        check(body)
        return body


def check(body: Any) -> None:
    """Raises `ParseError` for a value nested too deeply or with text that is none."""
    level: list[Any] = [body]
    for _depth in range(MOST_DEPTH):
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
                _("The body contains half a character (a lone surrogate).")
            ) from error
        if CONTROL.search(value):
            raise exceptions.ParseError(
                _("A text holds a control character, such as a null character.")
            )
    elif isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


class KnownFields:
    """For a serializer of what a client sends: refuses fields that it does not know.

    A mistyped `quantiy` would otherwise be passed over and its default taken for what was meant.
    Nested serializers refuse on their own, so that a problem names `lines.0.quantiy`.
    """

    def to_internal_value(self: Any, data: Any) -> Any:
        """The checked values. Raises `ValidationError` with everything that is wrong at once."""
        wrong: dict[str, Any] = {}
        if isinstance(data, Mapping):
            taken = [name for name, field in self.fields.items() if not field.read_only]
            wrong = {str(name): _no_field(name, taken) for name in data if name not in taken}
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
    """What a client sends to an endpoint, or a part of it."""


def _no_field(name: object, taken: list[str]) -> list[str]:
    for near in difflib.get_close_matches(str(name)[:64], taken, n=1, cutoff=0.75):
        return [_("This field does not exist. Did you mean “%(field)s”?") % {"field": near}]
    return [_("This field does not exist.")]
