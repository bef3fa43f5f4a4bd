"""Limits of API calls for each person and each IP address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # the views import these classes
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PersonThrottle(SimpleRateThrottle):
    """Limits the calls of each signed-in person."""

    scope = "person"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Returns a key for the person; None (not counted) without sign-in."""
        if not request.user.is_authenticated:
            return None
        return f"throttle:person:{request.user.pk}"


class AddressThrottle(SimpleRateThrottle):
    """Limits the calls without sign-in from each IP address."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Returns a key for the address; None (not counted) when the caller is signed in."""
        if request.user.is_authenticated:
            return None
        return f"throttle:address:{self.get_ident(request)}"
