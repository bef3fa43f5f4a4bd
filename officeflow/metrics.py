"""`/metrics`: metrics of the hand-offs, for the monitor only."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Whoever comes through a proxy comes from anywhere, though the proxy is on this machine.
PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures.

    With `METRICS_TOKEN` set, to whoever brings it; without, to this machine alone, as long as no
    proxy stands before the office. To others there is no such page.
    """
    if settings.METRICS_TOKEN:
        if not _brings_token(request):
            headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
            return HttpResponse("a token is needed\n", "text/plain", status=401, headers=headers)
    elif not _is_from_here(request):
        return HttpResponse("not found\n", "text/plain", status=404)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    from prometheus_client.exposition import choose_encoder

    from officeflow.handoff.metrics import registry

    write, content_type = choose_encoder(request.headers.get("accept", ""))
    return HttpResponse(write(registry()), content_type, headers={"Cache-Control": "no-store"})


def _brings_token(request: HttpRequest) -> bool:
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    right = compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return right and kind.lower() == "bearer"


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a program on this machine asks this process itself, by a name of this machine.

    The name counts, so that a page in a browser here cannot ask by a name of its own.
    """
    if settings.PROXY_COUNT or settings.SECURE_PROXY_SSL_HEADER:
        return False
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    host = request.META.get("HTTP_HOST", "").rpartition(":")
    name = host[0] if host[0] and host[2].isdecimal() else request.META.get("HTTP_HOST", "")
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (
        name == "localhost" or _is_loopback(name.strip("[]"))
    )


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_loopback
