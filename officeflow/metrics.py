"""`/metrics`: Prometheus metrics of the hand-offs."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A request with one of these came through a proxy, and so perhaps from another machine.
PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def metrics(request: HttpRequest) -> HttpResponse:
    """Returns the metrics in the Prometheus format.

    With `METRICS_TOKEN` set, requests need it as a bearer token (else 401). Without, only requests
    from this machine that passed no proxy are answered (else 404).
    """
    if settings.METRICS_TOKEN:
        if not _has_token(request):
            headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
            return HttpResponse("a token is needed\n", "text/plain", status=401, headers=headers)
    elif not _is_local(request):
        return HttpResponse("not found\n", "text/plain", status=404)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    from prometheus_client.exposition import choose_encoder

    from officeflow.handoff.monitoring.metrics import collector_registry

    write, content_type = choose_encoder(request.headers.get("accept", ""))
    return HttpResponse(
        write(collector_registry()), content_type, headers={"Cache-Control": "no-store"}
    )


def _has_token(request: HttpRequest) -> bool:
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    matches = compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return matches and kind.lower() == "bearer"


def _is_local(request: HttpRequest) -> bool:
    """Returns whether a program on this machine sent the request to a loopback host name.

    The host name is checked against DNS rebinding by a page in a local browser.
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
