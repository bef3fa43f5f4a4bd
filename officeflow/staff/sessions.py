"""The browsers in which people are signed in: where, since when, and when they were last used."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from officeflow.staff.callers import client_address
from officeflow.staff.models import User, UserSession

SEEN = "seen_at"
STARTED = "started_at"
ENTERED = "password_entered_at"
# Set while a session needs more than the password before it opens anything.
MISSING = "second_factor_missing"
# For how long a password that was entered need not be entered again.
PASSWORD_SECONDS = 15 * 60
# How often a session in use is written.
SEEN_SECONDS = 60
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session that has not ended. `seen_at` is accurate to a minute."""

    pk: int
    started_at: datetime
    seen_at: datetime
    address: str
    browser: str
    is_this: bool
    is_complete: bool


def browser_name(user_agent: str) -> str:
    """Returns browser and system in words, such as "Firefox, Windows"."""
    browsers = (*BROWSERS, ("Safari", "Safari"))
    browser = next((name for mark, name in browsers if mark in user_agent), _("A browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


@receiver(user_logged_in, dispatch_uid="staff.remember_session")
def remember(*, request: HttpRequest | None, user: User, **signal: Any) -> None:
    """Remembers a session that begins; a sign-in to the API has none."""
    session: SessionBase | None = getattr(request, "session", None)
    if request is None or session is None or "_auth_user_id" not in session:
        return
    session[STARTED] = int(time.time())
    password_entered(request)
    remember_key(request, user)


def remember_key(request: HttpRequest, user: User) -> None:
    """Remembers the key of the request's session, and forgets those of sessions that ended."""
    session = request.session
    session[SEEN] = int(time.time())
    if session.session_key is None:  # another person's session was replaced
        session.create()
    ended = UserSession.objects.filter(user=user).exclude(
        session_key__in=Session.objects.values("session_key")
    )
    ended.delete()
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "started_at": timezone.now(),
            "address": client_address(request),
            "browser": browser_name(request.headers.get("User-Agent", ""))[:80],
        },
    )


def is_over(request: HttpRequest) -> bool:
    """Returns whether the session was not used for `SESSION_IDLE_SECONDS`, or is too old.

    It ends `SESSION_COOKIE_AGE` after the sign-in, however often it is used.
    """
    return _is_over(request.session)


def _is_over(session: SessionBase | dict[str, Any]) -> bool:
    now = time.time()
    seen, started = session.get(SEEN, now), session.get(STARTED, now)
    return bool(
        now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_COOKIE_AGE
    )


def password_entered(request: HttpRequest) -> None:
    """Notes that the person has just entered their password."""
    request.session[ENTERED] = int(time.time())


def password_is_recent(request: HttpRequest) -> bool:
    """Returns whether the person entered their password in the last `PASSWORD_SECONDS`."""
    return time.time() - request.session.get(ENTERED, 0) < PASSWORD_SECONDS


def is_complete(request: HttpRequest) -> bool:
    """Returns whether nothing is missing from the sign-in of the session."""
    return MISSING not in request.session


def mark_seen(request: HttpRequest) -> None:
    """Notes that a person uses the session; a page that refreshes itself is no person."""
    is_refresh = request.method == "GET" and "HX-Request" in request.headers
    now = int(time.time())
    if STARTED not in request.session:  # it began before sessions had this mark
        request.session[STARTED] = now
    if not is_refresh and now - request.session.get(SEEN, 0) > SEEN_SECONDS:
        request.session[SEEN] = now


def open_sessions(user: User, *, this: str) -> list[OpenSession]:
    """Returns the person's sessions, the latest first; `this` is the key of the request's own."""
    alive = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in=user.browser_sessions.values("session_key"),
            expire_date__gt=timezone.now(),
        )
    }
    found = []
    for row in user.browser_sessions.all():
        data = alive.get(row.session_key)
        if data is None:
            continue
        seen = data.get(SEEN)
        seen_at = datetime.fromtimestamp(seen, UTC) if seen else row.started_at
        if not _is_over(data) or row.session_key == this:
            found.append(
                OpenSession(
                    pk=row.pk,
                    started_at=row.started_at,
                    seen_at=seen_at,
                    address=row.address or "",
                    browser=row.browser,
                    is_this=row.session_key == this,
                    is_complete=MISSING not in data,
                )
            )
    return found
