"""The events of messages to colleagues: invitations, passwords and changes of their sign-in."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from officeflow.company.queries import find_office, get_office
from officeflow.handoff.contracts import PasswordForgotten
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.mail.actions import queue_message
from officeflow.mail.events import MailEvent, Placeholder, register_event
from officeflow.mail_mode import has_mail_server
from officeflow.staff.link_messages import LinkMessage, link_issued, password_forgotten
from officeflow.staff.models import AccountNotice, User
from officeflow.staff.notices import owner_told, sentence

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
            " and choose your password:\n\n{link}\n\nThe link works until {until}, and only once."
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
            "Open this link to choose one:\n\n{link}\n\nThe link works until {until}, and only "
            "once. If you did not ask for it, ignore this e-mail: your password stays the same."
        ),
        placeholders={"name": NAME, "link": LINK, "until": UNTIL},
        required=("link",),
        is_secret=True,
        always_on=True,
        order=91,
    )
)

SIGN_IN_CHANGED = register_event(
    MailEvent(
        code="sign_in_changed",
        label=_("Changed sign-in"),
        audience=_("colleagues"),
        subject=_("Your sign-in at {office} was changed"),
        body=_(
            "Hello {name},\n\n{what}\n\nIf you do not know why, ask them, and change your password."
        ),
        placeholders={
            "name": NAME,
            "what": Placeholder(
                description=_("who did what, and when"),
                sample=_("Ada Ito set a new password for you (28 November, 17:30)."),
            ),
        },
        required=("what",),
        # Nobody can withdraw it.
        is_secret=True,
        always_on=True,
        order=92,
    )
)


@receiver(owner_told, dispatch_uid="mail.queue_sign_in_changed")
@transaction.atomic
def queue_sign_in_changed(*, notice: AccountNotice, address: str, **signal: Any) -> None:
    """Queues the message of a notice, to the address that the person had before."""
    office = find_office()
    if not address or not has_mail_server() or office is None:
        return
    language = notice.user.language or office.language
    with translation.override(language), timezone.override(office.zone):
        what = sentence(notice)
    queue_message(
        actor=notice.by,
        event=SIGN_IN_CHANGED.code,
        to_address=address,
        to_name=notice.user.full_name,
        values={"name": notice.user.full_name, "what": what},
        language=language,
        office=office,
    )


@receiver(password_forgotten, dispatch_uid="mail.post_password_forgotten")
@transaction.atomic
def post_password_forgotten(*, who: str, office_address: str, **signal: Any) -> None:
    """Posts that somebody asked for a new password."""
    post(
        PasswordForgotten(who=who, office_address=office_address),
        to=[Destination.MAIL],
        subject=f"reset-{secrets.token_hex(8)}",  # one that fails delays no other
        actor=None,
        is_sealed=True,
    )


@receiver(link_issued, dispatch_uid="mail.queue_link_message")
@transaction.atomic
def queue_link_message(*, message: LinkMessage, actor: User | None, **signal: Any) -> None:
    """Queues the message with a link, which is secret."""
    office = get_office()
    language = message.language or office.language
    with translation.override(language), timezone.override(office.zone):
        until = date_format(timezone.localtime(message.until_at), "DATETIME_FORMAT")
    queue_message(
        actor=actor,
        event=message.event,
        to_address=message.to_address,
        to_name=message.to_name,
        values={
            "name": message.to_name,
            "link": message.link,
            "until": until,
        },
        language=language,
        office=office,
    )
