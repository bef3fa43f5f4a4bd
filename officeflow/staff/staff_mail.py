"""Messages with a secret link to colleagues. The mail app, which stands above, sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.dispatch import Signal

if TYPE_CHECKING:
    from officeflow.staff.models import User

# Sent with a `message` and its `actor`.
link_issued = Signal()


@dataclass(frozen=True, kw_only=True)
class LinkMessage:
    """A message with a secret link: `event` names it, `until_at` is how long the link works."""

    event: str
    to_address: str
    to_name: str
    link: str
    until_at: datetime
    language: str = ""


def is_on() -> bool:
    """Whether the office writes messages at all."""
    return bool(settings.MAIL_MODE != "off")


def has_mail_server() -> bool:
    """Whether messages leave by a mail server, and are not only stored in the mailbox."""
    return bool(settings.MAIL_MODE == "smtp")


def send(message: LinkMessage, *, actor: User | None) -> bool:
    """Has a message sent; False while mail is off, or without an address to send it to."""
    if not message.to_address or not is_on():
        return False
    link_issued.send(sender=LinkMessage, message=message, actor=actor)
    return True
