"""The memory of what was already submitted."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """One submission of a form or an API call, inserted first in the transaction of its effect.

    Holds the hash of what was sent, never its text. `result` is what the first call answered,
    without free text.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "endpoint", "key"], name="submission_once_by_actor_endpoint_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
