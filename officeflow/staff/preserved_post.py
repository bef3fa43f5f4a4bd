"""What was typed into a form whose session had ended, or whose key had changed, is not lost.

The fields travel in the sign-in page itself, signed, and stand in the page after it with one
button that sends them again to where they were going. Nothing is stored in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

SALT = "officeflow.staff.preserved_post"
MAX_AGE = 12 * 60 * 60  # seconds, as long as a session
# Longer ones are no form that a person typed; the page would only grow.
MAX_CHARACTERS = 200_000
# The key of the old session is worth nothing, and what somebody preserved twice is preserved once.
NEVER = ("csrfmiddlewaretoken", "preserved")


@dataclass(frozen=True)
class PreservedPost:
    """A form on its way: the address, its fields in their order, and whether files are missing."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    def signed(self) -> str:
        """As text that nobody can change, for a hidden field."""
        return signing.dumps([self.address, self.fields, self.had_files], salt=SALT, compress=True)


def preserve_post(request: HttpRequest) -> PreservedPost | None:
    """What a form sent that a person typed, except one with a password in it."""
    if request.method != "POST" or request.headers.get("HX-Request"):
        return None
    if not request.accepts("text/html"):
        return None
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in NEVER
        for value in values
    ]
    if not fields or any("password" in name for name, _value in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        return None
    return PreservedPost(request.get_full_path(), fields, bool(request.FILES))


def read_preserved(text: str) -> PreservedPost | None:
    """What `PreservedPost.signed` gave, or nothing when it was changed or is too old."""
    if not text:
        return None
    try:
        address, fields, had_files = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return PreservedPost(address, [(name, value) for name, value in fields], had_files)


def ask_to_sign_in(request: HttpRequest, preserved: PreservedPost) -> HttpResponse:
    """The sign-in page that holds on to a form."""
    context: dict[str, Any] = {"form": AuthenticationForm(request), "preserved": preserved.signed()}
    page = render(request, "registration/login.html", context, status=HTTPStatus.UNAUTHORIZED)
    # What was typed, a complaint about a colleague perhaps, must not wait in the browser's cache.
    add_never_cache_headers(page)
    return page


def offer_resubmit(
    request: HttpRequest, preserved: PreservedPost, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page that sends a preserved form where it was going, once its person says so."""
    page = render(request, "registration/resubmit.html", {"preserved": preserved}, status=status)
    add_never_cache_headers(page)
    return page
