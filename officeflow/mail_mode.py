"""Whether the office sends messages: `MAIL_MODE` is `smtp`, `mailbox` or `off`."""

from __future__ import annotations

from django.conf import settings


def mail_is_on() -> bool:
    """Returns whether messages are created, to be sent or stored in the mailbox."""
    return bool(settings.MAIL_MODE != "off")


def has_mail_server() -> bool:
    """Returns whether messages are sent by a mail server."""
    return bool(settings.MAIL_MODE == "smtp")
