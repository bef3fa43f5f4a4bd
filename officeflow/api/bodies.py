"""What a request may carry: JSON of a sane size, depth and alphabet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser

MOST_DEPTH = 32


class BodyParser(JSONParser):
    """JSON as the office takes it.

    Refuses what the parser, the database or the answer would stumble over later: bodies without
    end, nesting without end, and halves of characters (lone surrogates).
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
    """Raises `ParseError` for a value nested too deeply or with text that is not Unicode."""
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
                _("The body holds half a character (a lone surrogate).")
            ) from error
    elif isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value
