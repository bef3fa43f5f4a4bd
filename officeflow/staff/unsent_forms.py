"""Forms that arrive after their session or a role of their author has ended.

`officeflow.drafts`, which stands above this app, registers the function that keeps them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from officeflow.staff.forms import SignInForm
from officeflow.staff.models import User


@dataclass(frozen=True)
class KeptForm:
    """A form that was kept for its author, and the address at which the author finds it."""

    author: User
    address: str
    had_files: bool


@dataclass(frozen=True)
class FormStore:
    """`keep` keeps a form; `accepted` is called when a view has accepted a form."""

    keep: Callable[[HttpRequest], KeptForm | None]
    accepted: Callable[[HttpRequest], None]


_stores: list[FormStore] = []


def register_store(store: FormStore) -> None:
    """Registers the store; it replaces an earlier one."""
    _stores[:] = [store]


def keep_sent_form(request: HttpRequest) -> KeptForm | None:
    """Keeps a form that will not be processed for its author; None when it cannot be kept.

    Requests of scripts and forms with a password are not kept, nor are those of unknown authors.
    """
    if request.method != "POST" or request.headers.get("HX-Request"):
        return None
    if not request.accepts("text/html"):
        return None
    return next((store.keep(request) for store in _stores), None)


def form_accepted(request: HttpRequest) -> None:
    """Forgets a kept form that was sent again and accepted."""
    for store in _stores:
        store.accepted(request)


def ask_to_sign_in(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """Returns the sign-in page, which then leads to the kept form (401). It shows none of it."""
    context = {"form": SignInForm(request), "next": kept.address, "kept": kept}
    page = render(request, "registration/login.html", context, status=HTTPStatus.UNAUTHORIZED)
    add_never_cache_headers(page)
    return page
