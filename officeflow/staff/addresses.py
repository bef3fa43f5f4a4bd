"""The office's own address, for links that are written outside a request."""

from __future__ import annotations

from django.conf import settings


def office_address(given: str = "") -> str:
    """The address that links begin with, without a slash at its end.

    `given` goes before the setting OFFICE_ADDRESS, which goes before the first allowed host.
    """
    address = given or settings.OFFICE_ADDRESS
    if not address:
        hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
        scheme = "https" if settings.PRODUCTION else "http"
        address = f"{scheme}://{hosts[0] if hosts else 'localhost'}"
    return address.rstrip("/")
