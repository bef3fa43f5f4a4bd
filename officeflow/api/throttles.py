"""How much one person, or one address, may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # the views import these classes
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PersonThrottle(SimpleRateThrottle):
    """So many calls a minute for each signed-in person."""

    scope = "person"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Who calls; None, and so not counted here, when nobody has signed in."""
        if not request.user.is_authenticated:
            return None
        return f"throttle:person:{request.user.pk}"


class AddressThrottle(SimpleRateThrottle):
    """So many calls a minute for each address that has not signed in."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Where the call comes from; None when somebody has signed in."""
        if request.user.is_authenticated:
            return None
        return f"throttle:address:{self.get_ident(request)}"


class SignInThrottle(SimpleRateThrottle):
    """So many sign-ins a minute from one address; the lock-out of accounts stands beside it."""

    scope = "sign-in"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Where the call comes from."""
        return f"throttle:sign-in:{self.get_ident(request)}"
