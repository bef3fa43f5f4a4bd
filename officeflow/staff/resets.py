"""Password reset links, which work once and for `PASSWORD_RESET_TIMEOUT`.

The token is Django's: it is derived from the password's hash and the last sign-in, so that it
becomes invalid when either changes, and it is not stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from officeflow.staff.models import User

LINK_LIFETIME = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def reset_path(user: User) -> str:
    """Returns the path of the page at which this person chooses a new password."""
    who = urlsafe_base64_encode(force_bytes(user.username))
    return reverse("staff:reset", args=[who, default_token_generator.make_token(user)])


def user_of_link(who: str) -> User | None:
    """Returns the active person of a link, or None."""
    try:
        username = urlsafe_base64_decode(who).decode()
        return User.objects.filter(username=username, is_active=True).first()
    except ValueError:  # not valid base64 or text
        return None


def is_valid(user: User, token: str) -> bool:
    """Returns whether the token of a link is valid for this person."""
    return default_token_generator.check_token(user, token)


def expires_at() -> datetime:
    """Returns when a link that is made now expires."""
    return timezone.now() + LINK_LIFETIME


def users_by_email_or_name(text: str) -> list[User]:
    """Returns the active people with this e-mail address or user name, if they have an address."""
    typed = text.strip()
    if not typed:
        return []
    people = User.objects.filter(is_active=True).exclude(email="")
    if "@" in typed:
        return list(people.filter(email__iexact=typed)[:5])
    best = [each.pk for each in User.objects.best_named(typed)]
    return list(people.filter(pk__in=best))
