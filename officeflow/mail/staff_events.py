"""The events of messages to colleagues: invitations and forgotten passwords."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from officeflow.mail.actions import queue_message
from officeflow.mail.events import MailEvent, Placeholder, register_event
from officeflow.staff.link_messages import LinkMessage, link_issued
from officeflow.staff.models import User

LINK = Placeholder(description=_("the link, which works once"), sample="https://office.example/…")
NAME = Placeholder(description=_("the colleague’s name"), sample=_("Ravi Sharma"))
UNTIL = Placeholder(description=_("when the link stops working"), sample=_("28 November, 17:30"))

INVITATION = register_event(
    MailEvent(
        code="staff_invitation",
        label=_("Invitation of a colleague"),
        audience=_("colleagues"),
        subject=_("Your invitation to work at {office}"),
        body=_(
            "Hello {name},\n\nYou are invited to work with OfficeFlow at {office}. Open this link"
            " and choose your password:\n\n{link}\n\nThe link works once, until {until}."
        ),
        placeholders={"name": NAME, "link": LINK, "until": UNTIL},
        required=("link",),
        is_secret=True,
        always_on=True,
        order=90,
    )
)

PASSWORD_RESET = register_event(
    MailEvent(
        code="password_reset",
        label=_("Forgotten password"),
        audience=_("colleagues"),
        subject=_("Your new password at {office}"),
        body=_(
            "Hello {name},\n\nSomebody asked for a new password for your account at {office}. "
            "Open this link to choose one:\n\n{link}\n\nThe link works once, until {until}. If you "
            "did not ask for it, ignore this e-mail: your password stays the same."
        ),
        placeholders={"name": NAME, "link": LINK, "until": UNTIL},
        required=("link",),
        is_secret=True,
        always_on=True,
        order=91,
    )
)


@receiver(link_issued, dispatch_uid="mail.queue_link_message")
@transaction.atomic
def queue_link_message(*, message: LinkMessage, actor: User | None, **signal: Any) -> None:
    """Queues the message with a link, which is secret."""
    queue_message(
        actor=actor,
        event=message.event,
        to_address=message.to_address,
        to_name=message.to_name,
        values={
            "name": message.to_name,
            "link": message.link,
            "until": date_format(timezone.localtime(message.until_at), "j F, H:i"),
        },
        language=message.language,
    )
