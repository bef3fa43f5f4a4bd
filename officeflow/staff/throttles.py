"""The limit of sign-ins to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

from officeflow.staff.rate_limit import RateLimit

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class SignInThrottle(SimpleRateThrottle):
    """Limits the sign-ins from each IP address, besides the lockouts; counted for all processes."""

    scope = "sign-in"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Counts the sign-in and returns whether it may go on."""
        number, seconds = self.parse_rate(self.rate)
        if number is None or seconds is None:
            return True
        limit = RateLimit("api-sign-in", number, seconds)
        if limit.is_exceeded(request._request):
            return False
        return limit.count(request._request)

    def wait(self) -> float:
        """Returns the seconds after which the caller can try again at the latest."""
        return float(self.parse_rate(self.rate)[1] or 1)
