"""Reference rows: one `MessageEvent` for each event."""

from __future__ import annotations

from typing import Any

from officeflow.mail.events import events
from officeflow.mail.models import MessageEvent


def ensure(**kwargs: Any) -> None:
    """Creates missing rows and leaves existing ones unchanged."""
    MessageEvent.objects.bulk_create(
        [MessageEvent(code=event.code) for event in events()], ignore_conflicts=True
    )
