"""Checks the set-up token."""

from __future__ import annotations

from django.utils import timezone

from officeflow.administration.models import SetUpToken
from officeflow.staff.tokens import is_token


def is_valid(token: str) -> bool:
    """Returns whether this token can set up the office now."""
    issued = SetUpToken.objects.filter(pk=1).first()
    matches = is_token(token, issued.token_hash if issued is not None else "0" * 64)
    return bool(
        matches
        and issued is not None
        and issued.used_at is None
        and issued.expires_at > timezone.now()
    )
