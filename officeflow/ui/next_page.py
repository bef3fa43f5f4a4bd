"""The page to which a person returns from one that stood in between, such as that of a code."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def interrupted(request: HttpRequest, page: str) -> str:
    """Returns the address of `page`, with the page that this request was for or came from."""
    is_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
    came_from = (
        request.get_full_path()
        if is_page
        else request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    )
    if not _is_safe(request, came_from):
        return page
    return f"{page}?{urlencode({'next': came_from})}"


def next_page(request: HttpRequest) -> str:
    """Returns the page to return to, never another site's; without one the home page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if _is_safe(request, wanted) else "/"


def _is_safe(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
