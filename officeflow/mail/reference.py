"""Rows that must be there: one for each event that the office can write about."""

from __future__ import annotations

from typing import Any

from officeflow.mail.events import events
from officeflow.mail.models import MessageEvent


def ensure(**kwargs: Any) -> None:
    """Makes the rows that are missing; leaves switched ones as they are."""
    MessageEvent.objects.bulk_create(
        [MessageEvent(code=event.code) for event in events()], ignore_conflicts=True
    )
