"""Pages of lists."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: stable while rows are added."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
