"""Keyset pagination of lists."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from officeflow.numbering import MOST_DIGITS
from officeflow.ui.paging import Slice, slice_of

PAGE_SIZE = "page_size"


class KeysetPagination(CursorPagination):
    """Pages by primary key, newest first, which stay the same while rows are added."""

    ordering = "-pk"
    page_size_query_param = PAGE_SIZE
    max_page_size = 200
    found: Slice[Model]

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """Returns the rows of the requested page. Raises `ValidationError`."""
        self.base_url = request.build_absolute_uri()
        cursor = self.decode_cursor(request)
        row = queryset.model(pk=int(cursor.position)) if cursor and cursor.position else None
        self.found = slice_of(
            queryset,
            order=[self.ordering],
            row=row,
            backwards=bool(cursor and cursor.reverse),
            size=self.get_page_size(request),
        )
        return self.found.rows

    def get_page_size(self, request: Request) -> int:
        """Returns the number of rows of a page. Raises `ValidationError`."""
        asked = request.query_params.get(PAGE_SIZE)
        if asked is None:
            return self.page_size or self.max_page_size
        if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= self.max_page_size:
            return int(asked)
        raise exceptions.ValidationError(
            {PAGE_SIZE: _("Use a number from 1 to %(most)d.") % {"most": self.max_page_size}}
        )

    def get_next_link(self) -> str | None:
        """Returns the URL of the next page, or None."""
        return self._link(self.found.rows[-1], reverse=False) if self.found.has_next else None

    def get_previous_link(self) -> str | None:
        """Returns the URL of the previous page, or None."""
        return self._link(self.found.rows[0], reverse=True) if self.found.has_previous else None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Returns the parameters as described, with the limits of the page's size."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for each in parameters:
            if each["name"] == PAGE_SIZE:
                each["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return parameters

    def decode_cursor(self, request: Request) -> Any:
        """Returns the request's cursor, or None. Raises `ValidationError` for an invalid one."""
        try:
            cursor = super().decode_cursor(request)
        except exceptions.NotFound:
            self._refuse()
        # The position is a primary key; anything else must not reach the database.
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
                    "This page does not exist. Use the `next` URL of a response."
                )
            }
        )
