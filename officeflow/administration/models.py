"""The token with which the owner sets up an office."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SetUpToken(models.Model):
    """The token of the address at which an empty office is set up. There is one row, with pk 1.

    Only the token's hash is stored. A new token replaces the one before.
    """

    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="set_up_token_is_one_row")]

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"
