"""The e-mail message to a customer whose complaint was answered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from frontdesk.complaints.models import Complaint
from frontdesk.customers.messages import (
    CUSTOMER,
    CUSTOMERS,
    may_write_to_customer,
    write_to_customer,
)
from officeflow.company.queries import get_office
from officeflow.handoff.contracts import ComplaintAnswerWithdrawn
from officeflow.mail.actions import withdraw_waiting
from officeflow.mail.events import MailEvent, Placeholder, register_event
from officeflow.mail.models import Message
from officeflow.staff.models import User

ANSWERED = register_event(
    MailEvent(
        code="complaint_answered",
        label=gettext_lazy("Complaint answered"),
        audience=CUSTOMERS,
        subject=gettext_lazy("Your complaint {complaint}"),
        body=gettext_lazy(
            "Hello {customer},\n\nThank you for telling us that something was not right. This is "
            "our answer to your complaint {complaint}:\n\n{answer}\n\nIf you are not happy with it,"
            " please let us know and we will look into it again.\n\nKind regards\n{office}"
        ),
        placeholders={
            "customer": CUSTOMER,
            "complaint": Placeholder(
                description=gettext_lazy("the complaint’s number"), sample="CP-000045"
            ),
            "answer": Placeholder(
                description=gettext_lazy("the answer of the department"),
                sample=gettext_lazy("We are sorry. A new mug is waiting for you."),
            ),
        },
        withdrawn_by=(ComplaintAnswerWithdrawn,),
        order=40,
    )
)


def mail_complaint_answer(*, actor: User | None, complaint: Complaint) -> Message | None:
    """Queues the department's answer; returns None for a sealed complaint or without mail."""
    if complaint.is_sealed or not complaint.message.strip() or not may_write_to_customer(complaint):
        return None
    values = {"complaint": complaint.number, "answer": complaint.message}
    return write_to_customer(
        ANSWERED, complaint, values, actor=actor, office=get_office(), can_be_withdrawn=True
    )


def withdraw_answer_message(*, actor: User | None, complaint: Complaint) -> None:
    """Withdraws the message with an answer that no longer stands, unless it has gone already."""
    withdraw_waiting(actor=actor, reference=complaint.number, events=[ANSWERED.code])
