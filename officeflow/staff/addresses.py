"""The office's own address, for links that are written outside a request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


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


def public_link(request: HttpRequest, path: str) -> str:
    """A link that goes to somebody else than who asked, by the host that they asked.

    An office that answers to any host cannot trust the name a stranger calls it by: the link, and
    the secret in it, would lead to a server of the stranger's choice. Then it is the office's own.
    """
    if "*" in settings.ALLOWED_HOSTS:
        return office_address() + path
    return request.build_absolute_uri(path)
