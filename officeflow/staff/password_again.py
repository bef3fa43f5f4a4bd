"""Asks for one's own password again before a change of how a colleague signs in.

    @requires(Permission.MANAGE_STAFF)
    @password_again
    def password_new(request, username): ...

Somebody who finds an administrator's browser open has the session but not the password.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from officeflow.staff import form_author, sessions
from officeflow.staff.access import StaffRequest
from officeflow.staff.forms import PasswordAgainForm

P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
PREFIX = "again"
# Hidden inputs that each page gets anew.
KEYS = {"csrfmiddlewaretoken", form_author.FIELD}


def password_again(view: View[P]) -> View[P]:
    """Decorates a view whose POST needs a password that was entered in the last minutes.

    Otherwise a page asks for it. It holds what was sent, and sends it to the view again together
    with the password.
    """

    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST" or sessions.password_is_recent(request):
            return view(request, *args, **kwargs)
        return _ask(request, lambda: view(request, *args, **kwargs))

    return guarded


@never_cache
@sensitive_post_parameters()
def _ask(request: Any, go_on: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    is_answer = f"{PREFIX}-password" in request.POST
    form = PasswordAgainForm(request, request.POST if is_answer else None, prefix=PREFIX)
    if is_answer and form.is_valid():
        sessions.password_entered(request)
        return go_on()
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in KEYS and not name.startswith(f"{PREFIX}-")
    ]
    context = {"form": form, "sent": sent, "minutes": sessions.PASSWORD_SECONDS // 60}
    return render(request, "staff/password_again.html", context, status=422 if form.errors else 200)
