"""Messages with a secret link to colleagues. The mail app receives the signal and sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.dispatch import Signal

from officeflow.mail_mode import has_mail_server

if TYPE_CHECKING:
    from officeflow.staff.models import User

# Sent with a `message` and its `actor`.
link_issued = Signal()
# Sent with `who` asked for a new password and the `office_address`. The mail app looks for the
# account later, so that the page does the same work whether there is one.
password_forgotten = Signal()


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
    """Queues a message; returns False without a mail server, or for a recipient without address.

    Without a mail server a link would stay in the mailbox, where others read it.
    """
    if not message.to_address or not has_mail_server():
        return False
    link_issued.send(sender=LinkMessage, message=message, actor=actor)
    return True
