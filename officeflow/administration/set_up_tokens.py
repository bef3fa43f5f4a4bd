"""Reading the key under the mat."""

from __future__ import annotations

from django.utils import timezone

from officeflow.administration.models import SetUpToken
from officeflow.staff.tokens import is_token


def is_valid(token: str) -> bool:
    """Whether this secret opens the empty office now."""
    key = SetUpToken.objects.filter(pk=1).first()
    right = is_token(token, key.token_hash if key is not None else "0" * 64)
    return bool(
        right and key is not None and key.used_at is None and key.expires_at > timezone.now()
    )
