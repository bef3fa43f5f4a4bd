"""Messages to colleagues go through the corridor, as those to customers do."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from officeflow.mail import queries
from officeflow.mail.actions import queue_message
from officeflow.staff.models import User
from officeflow.staff.staff_mail import Carrier, Letter, register_carrier


@transaction.atomic
def send(letter: Letter, actor: User | None) -> bool:
    """Queues the message, sealed: its link is kept nowhere once it was sent."""
    until = date_format(timezone.localtime(letter.until_at), "j F, H:i")
    message = queue_message(
        actor=actor,
        event=letter.event,
        to_address=letter.to_address,
        to_name=letter.to_name,
        values={"name": letter.to_name, "link": letter.link, "until": until},
        language=letter.language,
    )
    return message is not None


def take_on() -> None:
    """Registers the corridor as who carries messages to colleagues."""
    register_carrier(
        Carrier(
            is_on=queries.is_on,
            send=send,
            stays_here=lambda: not queries.has_mail_server(),
        )
    )
