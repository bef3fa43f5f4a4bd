"""The submissions of forms and API calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """One submission of a form or an API call, inserted first in the transaction of its effect.

    `body_hash` is the SHA-256 of the body, which is not stored. `result` is the JSON result of the
    effect, without free text.
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
