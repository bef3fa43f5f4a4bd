"""Messages with a secret link to colleagues. The mail app receives the signal and sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.dispatch import Signal

from officeflow.mail_mode import mail_is_on

if TYPE_CHECKING:
    from officeflow.staff.models import User

# Sent with a `message` and its `actor`.
link_issued = Signal()


@dataclass(frozen=True, kw_only=True)
class LinkMessage:
    """A message with a secret link that expires at `until_at`; `event` is a mail event's code."""

    event: str
    to_address: str
    to_name: str
    link: str
    until_at: datetime
    language: str = ""


def send(message: LinkMessage, *, actor: User | None) -> bool:
    """Queues a message; returns False when mail is off or the recipient has no address."""
    if not message.to_address or not mail_is_on():
        return False
    link_issued.send(sender=LinkMessage, message=message, actor=actor)
    return True
