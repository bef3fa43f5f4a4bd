"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Returns the caller's IP address: the one that the outermost of our proxies saw.

    Earlier addresses in `X-Forwarded-For` come from the caller and are not trusted.
    """
    remote = request.META.get("REMOTE_ADDR") or None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    if not count:
        return remote
    try:
        return str(ip_address(forwarded[-min(count, len(forwarded))].strip()))
    except ValueError:
        return remote


def counted_address(request: HttpRequest) -> str | None:
    """Returns the address under which attempts are counted.

    A customer line with IPv6 has at least a /64 network of addresses, which counts as one.
    """
    given = client_address(request)
    try:
        address = ip_address(given or "")
    except ValueError:
        return given
    if not isinstance(address, IPv6Address):
        return given
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False).network_address)
