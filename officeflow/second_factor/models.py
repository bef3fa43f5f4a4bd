"""A person's second factor and its recovery codes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from officeflow.second_factor.requirement import is_required


class SecondFactor(models.Model):
    """The app with which a person confirms a sign-in (RFC 6238).

    `key` is encrypted. `last_step` is the half minute of the last code, so that a code works once.
    `failures` counts wrong codes since the last pause, `pauses` pauses since the last right code.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="second_factor",
    )
    key = models.BinaryField()
    added_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(default=0, db_default=0)
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"

    @property
    def is_removable(self) -> bool:
        """Whether the owner may do without it."""
        return not is_required(self.user)


class RecoveryCode(models.Model):
    """A code that replaces the app once, of which only the hash is stored."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factor", "code_hash"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.factor_id}"
