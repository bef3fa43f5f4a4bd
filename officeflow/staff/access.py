"""Who may open a page.

    @requires(Permission.VIEW_DESK)
    def counter(request): ...

Several permissions mean any one of them. What somebody may see *within* a page is decided by the
queryset, and what it hides is a 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from officeflow.permissions import Permission, is_allowed, roles_with
from officeflow.staff.preserved_post import ask_to_sign_in, preserve_post

if TYPE_CHECKING:
    from officeflow.company.models import Office
    from officeflow.staff.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request that passed `requires`: its user is somebody who works here."""

    user: User
    office: Office | None


def permission_denied(request: HttpRequest, permissions: Iterable[Permission]) -> HttpResponse:
    """The 403 page, which says which roles would open the page."""
    roles = [role.label for role in roles_with(permissions)]
    return render(request, "403.html", {"roles_needed": roles}, status=403)


def requires(
    *permissions: Permission,
) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], View[P]]:
    """Opens a page to people who hold any one of `permissions`; with none, to all who signed in.

    Somebody who has not signed in goes to the sign-in page and comes back afterwards, with the
    form that was sent; somebody without the permission gets the 403 page.
    """

    def decorate(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                preserved = preserve_post(request)
                if preserved is not None:
                    return ask_to_sign_in(request, preserved)
                return redirect_to_login(request.get_full_path())
            if not is_allowed(request.user, permissions):
                return permission_denied(request, permissions)
            response = view(request, *args, **kwargs)
            # What somebody may see is for no cache on the way, and is asked for each time.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        guarded.required_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
