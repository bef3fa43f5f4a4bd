"""Links to a new password: for one use, for a day, and for nobody but the person.

The link's token is Django's: it is made from the password's hash and the last sign-in, so that it
is worth nothing as soon as either has changed, and nothing of it is stored.
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
    """The address, without a host, at which this person chooses a new password."""
    who = urlsafe_base64_encode(force_bytes(user.username))
    return reverse("staff:reset", args=[who, default_token_generator.make_token(user)])


def find_person(who: str) -> User | None:
    """The active person that a link is for."""
    try:
        username = urlsafe_base64_decode(who).decode()
        return User.objects.filter(username=username, is_active=True).first()
    except ValueError:  # no text, or one with a null character
        return None


def is_valid(user: User, token: str) -> bool:
    """Whether the token of a link still holds for this person."""
    return default_token_generator.check_token(user, token)


def expires_at() -> datetime:
    """Until when a link that is made now works."""
    return timezone.now() + LINK_LIFETIME


def find_people(text: str) -> list[User]:
    """Whom somebody means who typed an e-mail address or a user name: active, with an address."""
    typed = text.strip()
    if not typed:
        return []
    people = User.objects.filter(is_active=True).exclude(email="")
    if "@" in typed:
        return list(people.filter(email__iexact=typed)[:5])
    return list(people.filter(username__iexact=typed)[:1])
