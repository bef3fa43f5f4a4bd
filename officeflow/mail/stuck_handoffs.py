"""The message to managers about stuck hand-offs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from officeflow.company.queries import get_office
from officeflow.handoff.maintenance.stuck import handoffs_stuck
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.mail.actions import queue_message
from officeflow.mail.events import MailEvent, Placeholder, register_event
from officeflow.mail_mode import has_mail_server
from officeflow.permissions import Permission
from officeflow.staff.addresses import office_address
from officeflow.staff.models import User

MOST_LISTED = 20

HANDOFFS_STUCK = register_event(
    MailEvent(
        code="handoffs_stuck",
        label=_("Stuck hand-offs"),
        audience=_("managers and administrators"),
        subject=_("{count} hand-offs at {office} are stuck"),
        body=_(
            "Hello {name},\n\nThese hand-offs do not go on by themselves. Nothing is lost, but "
            "somebody has to look at them:\n\n{list}\n\nOpen the dashboard to see why, and to "
            "replay or discard them: {link}"
        ),
        placeholders={
            "name": Placeholder(description=_("the colleague’s name"), sample=_("Ravi Sharma")),
            "count": Placeholder(description=_("how many hand-offs"), sample="3"),
            "list": Placeholder(
                description=_("the hand-offs, one in each line"),
                sample=_("SO-000123 to Accounting: dead"),
            ),
            "link": Placeholder(
                description=_("the address of the hand-offs dashboard"),
                sample="https://office.example/dashboards/handoffs/",
            ),
        },
        required=("link",),
        order=92,
    )
)


@receiver(handoffs_stuck, dispatch_uid="mail.stuck_handoffs")
def mail_about_stuck_handoffs(*, handoffs: Sequence[Handoff], **signal: Any) -> None:
    """Queues one message for each person who may replay hand-offs.

    Not about mail that is stuck, as the message would wait behind it.
    """
    about = [each for each in handoffs if each.destination != Destination.MAIL]
    if not about or not has_mail_server():
        return
    language = get_office().language
    for person in User.objects.holding(Permission.OPERATE_HANDOFFS).exclude(email=""):
        with override(person.language or language):
            lines = [_line(each) for each in about[:MOST_LISTED]]
            if len(about) > MOST_LISTED:
                lines.append(str(_("and %(n)d more")) % {"n": len(about) - MOST_LISTED})
        queue_message(
            actor=None,
            event=HANDOFFS_STUCK.code,
            to_address=person.email,
            to_name=person.full_name,
            values={
                "name": person.full_name,
                "count": str(len(about)),
                "list": "\n".join(lines),
                "link": office_address() + reverse("dashboards:handoffs"),
            },
            language=person.language,
        )


def _line(handoff: Handoff) -> str:
    # Which complaint went to HR is known to HR alone.
    subject = "" if handoff.destination == Destination.HR else handoff.subject
    words = {
        "subject": subject or _("A hand-off"),
        "destination": Destination(handoff.destination).label,
        "state": str(HandoffState(handoff.state).label).lower(),
    }
    return str(_("%(subject)s to %(destination)s: %(state)s")) % words
