"""The site at which a browser works, remembered by the browser: the till stands where it does."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from officeflow.company.models import Site
from officeflow.company.queries import get_office

COOKIE = "site"
REMEMBERED = 365 * 24 * 60 * 60  # seconds


def active_sites() -> list[Site]:
    """Returns the sites that are in use, by name."""
    return list(Site.objects.filter(is_active=True).order_by("name", "code"))


def working_site(request: HttpRequest) -> Site:
    """Returns the site that this browser chose, or the main site; no query without a choice."""
    code = request.COOKIES.get(COOKIE, "")
    chosen = Site.objects.filter(code=code, is_active=True).first() if code else None
    return chosen or get_office().main_site


def remember_site(response: HttpResponse, site: Site) -> None:
    """Makes the browser work at the site from now on."""
    response.set_cookie(
        COOKIE,
        site.code,
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
