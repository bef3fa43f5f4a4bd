"""Pages of lists."""

from __future__ import annotations

from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from officeflow.numbering import MOST_DIGITS


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: stable while rows are added."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Any:
        """The place in the list that the request names. Raises `ValidationError` for no place."""
        try:
            cursor = super().decode_cursor(request)
        except exceptions.NotFound:
            self._refuse()
        # The key is a whole number; anything else would reach the database as it is.
        if cursor is not None and cursor.position is not None:
            digits = str(cursor.position)
            if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
                self._refuse()
        return cursor

    def _refuse(self) -> NoReturn:
        raise exceptions.ValidationError(
            {self.cursor_query_param: _("This is no page of ours; follow `next` of an answer.")}
        )
