"""System checks of mail."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Info, register

from officeflow.mail_mode import mail_is_on


@register()
def mail_is_set_up(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Informs the operator when mail is off, since the office works without it."""
    if mail_is_on():
        return []
    return [
        Info(
            "Mail is off: customers get no messages.",
            hint="Set EMAIL_URL, such as smtp+tls://user:password@mail.example.com:587.",
            id="mail.I001",
        )
    ]
