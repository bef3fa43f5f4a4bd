"""The office's address in links."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

MOST_HOST = 253 + len(":65535")  # characters of a name (RFC 1035) and its port


def office_address(given: str = "") -> str:
    """Returns the address with which links begin, without a final slash.

    It is `given`, else the setting `OFFICE_ADDRESS`, else the first allowed host.
    """
    address = given or settings.OFFICE_ADDRESS
    if not address:
        hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
        scheme = "https" if settings.PRODUCTION else "http"
        address = f"{scheme}://{hosts[0] if hosts else 'localhost'}"
    return address.rstrip("/")


def public_link(request: HttpRequest, path: str) -> str:
    """Returns an absolute link that is sent to another person than the one of the request.

    It begins with the request's host. When `ALLOWED_HOSTS` accepts any host, or any of a domain, it
    begins with the office's address, because a forged host would send the link's secret to another
    server; so it does when the host is longer than one can be.
    """
    is_open = any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS)
    if is_open or len(request.get_host()) > MOST_HOST:
        return office_address() + path
    return request.build_absolute_uri(path)
