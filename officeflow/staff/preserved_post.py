"""Preserves a form that was sent after the session ended or its CSRF token changed.

The fields are embedded in the sign-in page, signed, and in the page after it, whose button sends
the form again. Nothing is stored on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from officeflow.staff.forms import SignInForm

SALT = "officeflow.staff.preserved_post"
MAX_AGE = 12 * 60 * 60  # seconds, as long as a session
MAX_CHARACTERS = 200_000  # longer forms are not preserved
EXCLUDED_FIELDS = ("csrfmiddlewaretoken", "preserved")


@dataclass(frozen=True)
class PreservedPost:
    """A form that was not processed: its URL and fields, and whether it had files (not kept)."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    def signed(self) -> str:
        """Returns the form as signed text, for a hidden field."""
        return signing.dumps([self.address, self.fields, self.had_files], salt=SALT, compress=True)


def preserve_post(request: HttpRequest) -> PreservedPost | None:
    """Returns the form of a request; None for other requests and for forms with a password."""
    if request.method != "POST" or request.headers.get("HX-Request"):
        return None
    if not request.accepts("text/html"):
        return None
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in EXCLUDED_FIELDS
        for value in values
    ]
    if not fields or any("password" in name for name, _value in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        return None
    return PreservedPost(request.get_full_path(), fields, bool(request.FILES))


def read_preserved(text: str) -> PreservedPost | None:
    """Returns the form from signed text; None when it was changed or is older than `MAX_AGE`."""
    if not text:
        return None
    try:
        address, fields, had_files = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return PreservedPost(address, [(name, value) for name, value in fields], had_files)


def ask_to_sign_in(request: HttpRequest, preserved: PreservedPost) -> HttpResponse:
    """Returns the sign-in page with a preserved form (401)."""
    context: dict[str, Any] = {"form": SignInForm(request), "preserved": preserved.signed()}
    page = render(request, "registration/login.html", context, status=HTTPStatus.UNAUTHORIZED)
    # The page contains what was typed, which may be confidential.
    add_never_cache_headers(page)
    return page


def offer_resubmit(
    request: HttpRequest, preserved: PreservedPost, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Returns the page with a button that sends a preserved form again."""
    page = render(request, "registration/resubmit.html", {"preserved": preserved}, status=status)
    add_never_cache_headers(page)
    return page
