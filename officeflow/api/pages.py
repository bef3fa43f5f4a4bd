"""Pages of lists."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from officeflow.numbering import MOST_DIGITS
from officeflow.ui.paging import Slice, slice_of


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: stable while rows are added."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
    found: Slice[Model]

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """The rows of the page that the request names. Raises `ValidationError`."""
        self.base_url = request.build_absolute_uri()
        cursor = self.decode_cursor(request)
        place = queryset.model(pk=int(cursor.position)) if cursor and cursor.position else None
        self.found = slice_of(
            queryset,
            order=[self.ordering],
            row=place,
            backwards=bool(cursor and cursor.reverse),
            size=self.get_page_size(request) or 0,
        )
        return self.found.rows

    def get_next_link(self) -> str | None:
        """The address of the page after this one."""
        return self._link(self.found.rows[-1], reverse=False) if self.found.has_next else None

    def get_previous_link(self) -> str | None:
        """The address of the page before this one."""
        return self._link(self.found.rows[0], reverse=True) if self.found.has_previous else None

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

    def _link(self, row: Model, *, reverse: bool) -> str:
        return str(self.encode_cursor(Cursor(offset=0, reverse=reverse, position=row.pk)))

    def _refuse(self) -> NoReturn:
        raise exceptions.ValidationError(
            {
                self.cursor_query_param: _(
                    "This page does not exist. Use the `next` address of a response."
                )
            }
        )
