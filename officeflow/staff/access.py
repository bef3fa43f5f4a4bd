"""The permissions that views require.

    @requires(Permission.VIEW_DESK)
    def counter(request): ...

Of several permissions any one is enough. Which records a person may see is decided by querysets;
records outside them answer 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from officeflow.permissions import Permission, is_allowed, roles_with
from officeflow.staff.unsent_forms import (
    KeptForm,
    ask_to_sign_in,
    form_accepted,
    keep_sent_form,
)

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from officeflow.company.models import Office
    from officeflow.staff.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request that passed `requires`, so that its user is signed in."""

    user: User
    htmx: HtmxDetails
    office: Office | None


def permission_denied(
    request: HttpRequest, permissions: Iterable[Permission], kept: KeptForm | None = None
) -> HttpResponse:
    """Returns the 403 page, which names the roles with one of the permissions.

    `kept` is the form that was sent, kept for its author.
    """
    roles = [role.label for role in roles_with(permissions)]
    is_own = kept is not None and kept.author == request.user
    context = {"roles_needed": roles, "kept": kept, "kept_is_own": is_own}
    return render(request, "403.html", context, status=403)


def requires(
    *permissions: Permission,
) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], View[P]]:
    """Decorates a view for people with any one of `permissions`; without any, for all signed in.

    A person who is not signed in is sent to the sign-in page, a person without permission gets
    the 403 page. A form that was sent is kept for its author.
    """

    def decorate(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                kept = keep_sent_form(request)
                if kept is not None:
                    return ask_to_sign_in(request, kept)
                return redirect_to_login(request.get_full_path())
            if not is_allowed(request.user, permissions):
                return permission_denied(request, permissions, keep_sent_form(request))
            reads_cases = request.user.may(Permission.VIEW_HR)
            response = view(request, *args, **kwargs)
            if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                form_accepted(request)
            # Responses depend on the person: no shared caches, and revalidation each time.
            # What HR sees is not kept at all, as each page can have words of a case.
            if reads_cases:
                response.headers["Cache-Control"] = "private, no-store"
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        guarded.required_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
