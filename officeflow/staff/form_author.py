"""Whose form it is: every form with `{% csrf_token %}` carries its author, signed.

When a form arrives after its session has ended, this says whose words it holds, also when
somebody else has signed in on the same computer since.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from officeflow.staff.models import User

FIELD = "form_author"
SALT = "officeflow.staff.form_author"
MAX_AGE = timedelta(days=7)


def author_input(request: HttpRequest | None) -> SafeString:
    """Returns the hidden input that names the signed-in person; empty without one."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, signed_author(user))


def signed_author(user: User) -> str:
    """Returns the author as signed text."""
    return TimestampSigner(salt=SALT).sign(str(user.pk))


def author_of(request: HttpRequest) -> User | None:
    """Returns the active person for whom the sent form was made; None when it is not known."""
    try:
        pk = TimestampSigner(salt=SALT).unsign(request.POST.get(FIELD, ""), max_age=MAX_AGE)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
